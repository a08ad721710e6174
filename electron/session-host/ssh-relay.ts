import type { Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { Client } from '../../shared/ipc/client.ts';
import { listeningPath } from '../cli/control-path.ts';
import { relayRequestSchema } from '../cli/control-request.ts';
import { ControlServer } from '../cli/control-server.ts';
import type { TicketContract } from '../host-contract/ticket.ts';
import type { BackgroundReporter } from '../lib/background.ts';
import type { SshDialer } from './ssh-connections/ssh-dialer.ts';

export interface SshRelayOptions {
  tickets: Client<TicketContract>;
  dialer(): Promise<SshDialer>;
  background: BackgroundReporter;
}

/** Bare byte streams to servers for `slipway proxy ssh`, on a socket that only this user reaches. */
export function startSshRelay(folder: string, { tickets, dialer, background }: SshRelayOptions): { close(): Promise<void> } {
  const listen = async () =>
    ControlServer.listen(listeningPath(folder, 'relay'), relayRequestSchema, async ({ target }, signal) => {
      const ticket = await tickets.call('ticket.ssh', target, { signal });
      const stream = await (await dialer()).relay(ticket, signal);
      return { value: null, relay: (socket) => join(socket, stream) };
    });
  const server = listen().catch((error: unknown) => {
    background.failed({ what: 'to listen for “slipway proxy ssh” and OpenSSH', cluster: '' }, error);
    return null;
  });
  return {
    async close() {
      await (await server)?.close();
    },
  };
}

/** Both ways, each with its own end; an error in one ends both. */
function join(socket: Socket, stream: Duplex): void {
  const failed = (error: NodeJS.ErrnoException | null) => {
    if (!error) return;
    socket.destroy();
    stream.destroy();
  };
  pipeline(socket, stream, failed);
  pipeline(stream, socket, failed);
}
