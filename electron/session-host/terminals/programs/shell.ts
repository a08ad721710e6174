import { basename } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { OpenTerminal } from '../../../../shared/model/terminal.ts';
import type { ConnectionService } from '../../local-ports/index.ts';
import type { TerminalStream } from '../terminal-stream.ts';
import { type LoginShell, loginShell, shellEnvironment, startFolder } from './login-shell.ts';

export interface ShellContext {
  /** The app's own environment. */
  env: NodeJS.ProcessEnv;
  /** Open gateways, for shells that run beside one. */
  local: Pick<ConnectionService, 'surroundings' | 'shellOpened'>;
  failed(what: string, error: AppError): void;
}

/** A shell on this computer; needs no cluster. */
export async function runShell(params: OpenTerminal & { kind: 'shell' }, terminal: TerminalStream, context: ShellContext): Promise<void> {
  const own = loginShell(process.platform, context.env);
  let shell: LoginShell = own;
  try {
    terminal.send({ type: 'progress', step: 'starting' });
    const { size } = terminal;
    const { gateway } = params;
    const beside = gateway && context.local.surroundings(gateway.connection, gateway.command);
    shell = beside?.command ? { file: beside.command.program, args: beside.command.args } : own;
    const { startPty } = await import('./pty-program.ts');
    const program = await startPty({
      shell,
      cwd: startFolder(params.cwd),
      env: { ...shellEnvironment(context.env), ...beside?.env },
      term: 'xterm-256color',
      ...size,
    });
    terminal.run(program, beside?.title ?? basename(shell.file), size);
    if (gateway) context.local.shellOpened(gateway.connection, gateway.origin);
    program.onExit((code, signal) => terminal.exit(code, signal, null));
    program.onFolder((cwd) => terminal.send({ type: 'cwd', cwd }));
  } catch (cause) {
    if (cause instanceof AppError) return terminal.fail(cause);
    const error = new AppError('internal', `The shell ${shell.file} could not be started. Check that it is installed.`, { cause });
    context.failed('local shell', error);
    terminal.fail(error);
  }
}
