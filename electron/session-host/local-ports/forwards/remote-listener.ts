import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Forward } from '../../../../shared/model/gateway.ts';
import type { SshConnection, TakeConnection } from '../../../ssh/index.ts';

export interface RemoteListener {
  /** On the server. */
  readonly port: number;
  /** Ends the connections through it; it goes on listening. */
  endAll(): void;
  close(): void;
}

/** The address is usually on this computer or in its network; the server's client waits meanwhile. */
const connectMs = 15_000;

/** Asks the server to listen, and connects what arrives there to `forward.to` as seen from this computer. */
export async function listenRemotely(
  connection: SshConnection,
  { listen, to }: Forward & { type: 'remote' },
  on: { onConnection(channel: Duplex & { readonly refusal: string }, local: Socket): void; onFailure(error: AppError): void },
): Promise<RemoteListener> {
  const sockets = new Set<Socket>();
  const take: TakeConnection = (accept, refuse) => {
    const socket = connect({ host: to.host, port: to.port, noDelay: true });
    sockets.add(socket);
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), connectMs);
    let isThere = false;
    socket.once('connect', () => {
      isThere = true;
      clearTimeout(timer);
      socket.pause();
      on.onConnection(accept(), socket);
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
      if (isThere) return;
      refuse();
      on.onFailure(new AppError('unreachable', `Nothing answers at ${to.host}:${to.port} on this side of the forward.`));
    });
  };
  const listener = await connection.forwardIn(listen.host || '127.0.0.1', listen.port, take, on.onFailure);
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: listener.port,
    endAll,
    close: () => {
      listener.close();
      endAll();
    },
  };
}
