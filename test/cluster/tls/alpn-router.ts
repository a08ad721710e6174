import net from 'node:net';
import type { Duplex } from 'node:stream';
import { type ClientHello, parseClientHello } from './client-hello.ts';

/** Takes over a connection whose first bytes were put back; `null` closes it without a TLS alert. */
export type Route = (hello: ClientHello) => ((stream: Duplex) => void) | null;

/**
 * One TCP port that looks at the ClientHello before anything is answered and hands the untouched connection on
 * (ssh-and-gateways §10.1). Streams from elsewhere, such as an upgraded WebSocket, enter through `accept`.
 */
export class AlpnRouter {
  readonly #server: net.Server;
  readonly #streams = new Set<Duplex>();
  readonly #route: Route;

  constructor(route: Route) {
    this.#route = route;
    this.#server = net.createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  async listen(host: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    return (this.#server.address() as net.AddressInfo).port;
  }

  accept(stream: Duplex): void {
    this.#streams.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.#streams.delete(stream));
    let seen: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => stream.destroy(), 10_000).unref();
    stream.on('close', () => clearTimeout(timer));
    const onReadable = () => {
      for (let chunk: Buffer | null = stream.read(); chunk !== null; chunk = stream.read())
        seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const hello = parseClientHello(seen);
      if (hello === 'incomplete') return;
      clearTimeout(timer);
      stream.off('readable', onReadable);
      const handler = hello && this.#route(hello);
      if (!handler) {
        stream.destroy();
        return;
      }
      stream.unshift(seen);
      handler(stream);
    };
    stream.on('readable', onReadable);
  }

  /** Cuts every connection that came through this port; the port stays open. */
  dropAll(): void {
    for (const stream of this.#streams) stream.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.dropAll();
    await closed;
  }
}
