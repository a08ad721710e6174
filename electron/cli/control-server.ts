import type { Server, Socket } from 'node:net';
import type * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { jsonLine, readJsonLine } from '../lib/json-line.ts';
import { listenPrivately } from '../lib/private-socket.ts';

/** What answers: the value of the answer, and for relays what is done with the socket behind it. */
export type Answering<R> = (request: R, signal: AbortSignal) => Promise<{ value: unknown; relay?: (socket: Socket) => void }>;

const requestLimit = { limit: 64 * 1024, milliseconds: 10_000 };
/** Each `slipway proxy ssh` holds one socket. More would only come from a program that opens them in a loop. */
const mostSockets = 500;

/** One request per connection on a private socket. */
export class ControlServer {
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(server: Server, sockets: ReadonlySet<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
  }

  static async listen<S extends z.ZodType>(path: string, schema: S, answer: Answering<z.output<S>>): Promise<ControlServer> {
    const sockets = new Set<Socket>();
    const server = await listenPrivately(path, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      if (sockets.size > mostSockets) socket.destroy();
      else void serve(socket, schema, answer);
    });
    return new ControlServer(server, sockets);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

async function serve<S extends z.ZodType>(socket: Socket, schema: S, answer: Answering<z.output<S>>): Promise<void> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  try {
    const request = schema.safeParse(await readJsonLine(socket, requestLimit));
    if (!request.success)
      throw new AppError('invalid-argument', 'This version of Slipway does not know the request. Use the command line of the version that runs.');
    const { value, relay } = await answer(request.data, gone.signal);
    if (socket.destroyed) return;
    socket.write(jsonLine({ ok: true, value }));
    if (relay) relay(socket);
    else socket.end();
  } catch (caught) {
    socket.end(jsonLine({ ok: false, error: AppError.from(caught).toData() }));
  }
}
