import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../../shared/errors/app-error.ts';
import { systemCode } from '../system-calls.ts';
import { PeerOwners } from './peer-owner.ts';

export const loopback = '127.0.0.1';
/** Bounds what a program that connects in a loop can cost; clients of databases and web apps open far fewer. */
const maxConnections = 4096;

export interface ListenerOptions {
  /** Null takes any free port. */
  port: number | null;
  onConnection(socket: Socket): void;
  /** A connection of another user of this computer was refused. */
  onOtherUser(): void;
}

/** A port on loopback, and all connections to it that are open. Other users of this computer are refused where the system tells who they are. */
export class LocalListener {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = boundPort(server);
  }

  /** `conflict` with `port` and `suggestion`, a free one, when it cannot be had. */
  static async open({ port, onConnection, onOtherUser }: ListenerOptions): Promise<LocalListener> {
    const sockets = new Set<Socket>();
    const owners = new PeerOwners();
    const server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000, pauseOnConnect: true, allowHalfOpen: true },
      (socket) => {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.once('close', () => sockets.delete(socket));
        const judge = (isOwn: boolean) => {
          if (socket.destroyed) return;
          if (isOwn) return onConnection(socket);
          socket.destroy();
          onOtherUser();
        };
        const isOwn = owners.isOwn(socket);
        if (typeof isOwn === 'boolean') judge(isOwn);
        else void isOwn.then(judge);
      },
    );
    server.maxConnections = maxConnections;
    try {
      await listen(server, port ?? 0);
    } catch (caught) {
      throw await portError(caught, port ?? 0);
    }
    // Accepting fails while the process has no file handles left, and works again afterwards.
    server.on('error', () => {});
    return new LocalListener(server, sockets);
  }

  /** Ends the connections that are open; new ones are still taken. */
  endAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.endAll();
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: loopback, backlog: 511, exclusive: true }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** The TCP port on which `server` listens. */
export const boundPort = (server: Server): number => (server.address() as AddressInfo).port;

async function portError(caught: unknown, port: number): Promise<AppError> {
  const code = systemCode(caught);
  const suggestion = await freePort();
  const why =
    code === 'EADDRINUSE' ? 'is used by another program' : code === 'EACCES' ? 'is reserved for administrators' : `cannot be opened (${code})`;
  return new AppError('conflict', `Port ${port} ${why}. ${suggestion ? `Port ${suggestion} is free.` : 'Choose another one.'}`, {
    details: { port, ...(suggestion ? { suggestion } : {}) },
    cause: caught,
  });
}

async function freePort(): Promise<number | null> {
  const server = createServer();
  try {
    await listen(server, 0);
    return boundPort(server);
  } catch {
    return null;
  } finally {
    server.close();
  }
}
