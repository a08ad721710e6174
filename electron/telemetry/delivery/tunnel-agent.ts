import { Agent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { formatAddress } from '../../teleport/connect/address.ts';
import { dialTcp } from '../../teleport/connect/dial-tcp.ts';
import { type HttpProxy, openTunnel } from '../../teleport/connect/tunnel.ts';

type Callback = (error: Error | null, stream: Duplex) => void;
type Destination = { host?: string | null; port?: string | number | null };

/** Reaches https servers through a web proxy. */
export class TunnelAgent extends Agent {
  readonly #proxy: HttpProxy;
  readonly #ca: readonly string[] | undefined;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  constructor(proxy: HttpProxy, options: AgentOptions & { ca?: string[]; timeoutMs: number }) {
    super(options);
    this.#proxy = proxy;
    this.#ca = options.ca;
    this.#timeoutMs = options.timeoutMs;
  }

  override createConnection(options: Destination, callback?: Callback): undefined {
    this.#tunnel(options).then(
      (socket) => callback?.(null, super.createConnection({ ...options, socket } as object) as Duplex),
      (error) => callback?.(error, undefined as never), // Node reads no stream beside an error
    );
  }

  async #tunnel({ host, port }: Destination): Promise<Duplex> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#timeoutMs)]);
    const tcp = await dialTcp(this.#proxy.host, this.#proxy.port, signal);
    return openTunnel(tcp, this.#proxy, formatAddress(host ?? '', Number(port ?? 443)), signal, this.#ca);
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }
}
