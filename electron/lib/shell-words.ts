/** How a command line is written: for a POSIX shell, or for PowerShell, which is what terminals of Windows open. */
export type ShellSyntax = 'posix' | 'powershell';

export const shellOf = (platform: NodeJS.Platform): ShellSyntax => (platform === 'win32' ? 'powershell' : 'posix');

/** A command line that runs `program` with exactly these arguments, and with `env` beside the shell's own variables. */
export function commandLine(program: string, args: readonly string[], env: Readonly<Record<string, string>>, shell: ShellSyntax): string {
  const variables = Object.entries(env);
  if (shell === 'posix') return [...variables.map(([name, value]) => `${name}=${posixWord(value)}`), ...[program, ...args].map(posixWord)].join(' ');
  const word = powershellWord(program);
  // A quoted program is a text there, until it is called.
  const call = [word.startsWith("'") ? `& ${word}` : word, ...args.map(powershellWord)].join(' ');
  return [...variables.map(([name, value]) => `$env:${name}=${powershellText(value)}`), call].join('; ');
}

const posixWord = (word: string): string => (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** PowerShell splits what begins with a dash at points and colons. */
const powershellWord = (word: string) => (/^(?!-.*[.:])[A-Za-z0-9_+=:./\\-]+$/.test(word) ? word : powershellText(word));

/** Typographic quotes end a text there too. */
const powershellText = (text: string) => `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;

/** A word for a program of Windows that is started without a shell (the rules of CommandLineToArgvW). */
export const windowsWord = (word: string): string => `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
