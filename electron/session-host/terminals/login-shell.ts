import { statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';

export interface LoginShell {
  readonly file: string;
  readonly args: readonly string[];
}

/** The shell that the person's account has, as the OS's own terminal starts it. */
export function loginShell(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): LoginShell {
  if (platform === 'win32') return { file: 'powershell.exe', args: ['-NoLogo'] };
  const file = accountShell() || env.SHELL || '/bin/sh';
  // A Mac app inherits next to no environment; a login shell sets it up, as in Terminal.app.
  return { file, args: platform === 'darwin' ? ['-l'] : [] };
}

function accountShell(): string | null {
  try {
    const { shell } = userInfo();
    return shell && !/\/(nologin|false)$/.test(shell) ? shell : null;
  } catch {
    return null;
  }
}

/** The environment of a local shell: the app's own, without what is meant for the app itself. */
export function shellEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const own = /^(ELECTRON_|NODE_OPTIONS$|NODE_CHANNEL_|npm_|CHROME_DESKTOP$|ORIGINAL_XDG_|VITEST|SLIPWAY_)/i;
  const kept = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !own.test(entry[0]));
  return { ...Object.fromEntries(kept), TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'Slipway' };
}

/** `wanted` where it is a folder, otherwise the home folder. */
export function startFolder(wanted: string): string {
  try {
    if (wanted && statSync(wanted).isDirectory()) return wanted;
  } catch {
    // It is gone; home is the next best place.
  }
  return homedir();
}
