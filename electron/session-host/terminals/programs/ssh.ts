import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Client } from '../../../../shared/ipc/client.ts';
import type { OpenTerminal } from '../../../../shared/model/terminal.ts';
import type { TicketContract } from '../../../host-contract/ticket.ts';
import type { ConnectionService } from '../../local-ports/index.ts';
import type { BorrowedConnection, SshConnections } from '../../ssh-connections/ssh-connections.ts';
import type { TerminalStream } from '../terminal-stream.ts';

export interface SshContext {
  tickets: Client<TicketContract>;
  connections: SshConnections;
  /** Environment for the remote shell. Servers take it or leave it. */
  remoteEnv: Readonly<Record<string, string>>;
  /** Recent servers and the forwards that come with a terminal: called at its start, and what it returns at its end. */
  local: Pick<ConnectionService, 'terminalOpened'>;
  failed(what: string, error: AppError): void;
}

/** A shell on a server: a ticket from main, a connection that tabs may share, a channel of its own. */
export async function runSsh(params: OpenTerminal & { kind: 'ssh' }, terminal: TerminalStream, context: SshContext): Promise<void> {
  const { target, origin } = params;
  const { tickets, connections, failed } = context;
  const tell = (call: Promise<null>) => void call.catch((error: AppError) => failed('ticket call', error));
  const { signal } = terminal;
  signal.addEventListener('abort', context.local.terminalOpened(target), { once: true });
  let isDialled = false;
  let borrowed: BorrowedConnection | undefined;
  let stopWatching = () => {};
  try {
    terminal.send({ type: 'progress', step: 'signing' });
    const ticket = await tickets.call('ticket.ssh', target, { signal });
    isDialled = true;
    borrowed = await connections.borrow(ticket, { signal, progress: (step) => terminal.send({ type: 'progress', step }) });
    const { open, release } = borrowed;
    terminal.send({ type: 'progress', step: 'starting' });
    const { size } = terminal;
    let lost: AppError | null = null;
    const shell = await open((connection) => {
      stopWatching();
      const stops = [
        connection.onClose((error) => {
          lost = error;
        }),
        connection.onStall((stalled) => terminal.send({ type: 'stalled', stalled })),
      ];
      stopWatching = () => {
        for (const stop of stops) stop();
      };
      return connection.shell({ pty: { term: 'xterm-256color', ...size }, env: context.remoteEnv });
    });
    terminal.run(shell, `${target.login}@${target.hostname || target.node}`, size);
    shell.onEnd(({ code, signal: name, error }) => {
      stopWatching();
      terminal.exit(code, name, code === null && name === null ? (error ?? lost) : null);
      release();
    });
    if (!signal.aborted) tell(tickets.call('session.opened', { cluster: target.cluster, protocol: 'ssh', origin }));
  } catch (caught) {
    const error = AppError.from(caught);
    stopWatching();
    if (error.code === 'timeout') borrowed?.retire();
    borrowed?.release();
    if (signal.aborted) return;
    if (error.code === 'expired' && isDialled) tell(tickets.call('ticket.expired', { cluster: target.cluster }));
    if (error.code !== 'cancelled') failed('ssh terminal', error);
    terminal.fail(error);
  }
}
