import type { OpenTerminal } from '../../../../shared/model/terminal.ts';
import type { TerminalStream } from '../terminal-stream.ts';
import { runShell, type ShellContext } from './shell.ts';
import { runSsh, type SshContext } from './ssh.ts';

/**
 * Starts the program of one kind of terminal: it tells its steps to the terminal, hands it the running program (`run`) and
 * tells the end (`exit`), or the reason why there is no program (`fail`). Never rejects.
 */
type Start<P extends OpenTerminal> = (params: P, terminal: TerminalStream) => Promise<void>;

export type StartTerminal = Start<OpenTerminal>;

/** What can run in a terminal, by kind. A new kind is a line here, a file beside this one and its parameters in shared/model/terminal.ts. */
export function terminalPrograms(context: SshContext & ShellContext): StartTerminal {
  const programs: { readonly [K in OpenTerminal['kind']]: Start<Extract<OpenTerminal, { kind: K }>> } = {
    ssh: (params, terminal) => runSsh(params, terminal, context),
    shell: (params, terminal) => runShell(params, terminal, context),
  };
  // The types do not know that the entry of a kind takes parameters of that kind.
  return (params, terminal) => (programs[params.kind] as StartTerminal)(params, terminal);
}
