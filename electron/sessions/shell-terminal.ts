import { basename } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import type { OpenTerminal } from '../../shared/model/terminal.ts';
import { loginShell, shellEnvironment, startFolder } from './login-shell.ts';
import type { PtyOptions, PtyProgram } from './pty-program.ts';
import type { TerminalStream } from './terminal-stream.ts';

export interface ShellTerminalContext {
  startPty(options: PtyOptions): Promise<PtyProgram>;
  env: NodeJS.ProcessEnv;
  failed(what: string, error: AppError): void;
}

/** A shell on this computer; needs no cluster. */
export async function runShellTerminal(params: OpenTerminal & { kind: 'shell' }, terminal: TerminalStream, context: ShellTerminalContext): Promise<void> {
  const shell = loginShell(process.platform, context.env);
  try {
    terminal.send({ type: 'progress', step: 'starting' });
    const { size } = terminal;
    const program = await context.startPty({ shell, cwd: startFolder(params.cwd), env: shellEnvironment(context.env), ...size });
    terminal.run(program, basename(shell.file), size);
    program.onExit((code, signal) => terminal.exit(code, signal, null));
    program.onFolder((cwd) => terminal.send({ type: 'cwd', cwd }));
  } catch (cause) {
    const error = new AppError('internal', `The shell ${shell.file} could not be started. Check that it is installed.`, { cause });
    context.failed('local shell', error);
    terminal.fail(error);
  }
}
