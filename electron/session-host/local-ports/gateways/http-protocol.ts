import type { Socket } from 'node:net';
import { pathOf, type Refusal, type RequestHead, refuseForeign } from '../../../lib/loopback/request-origin.ts';
import { admitWithToken } from './app-token.ts';
import type { Gateway, PortProtocol } from './gateway.ts';
import { HttpRelay } from './http-relay.ts';

/** Web apps and databases that speak HTTP. Only requests that name this port get through, and none from pages of other origins. */
export class HttpProtocol implements PortProtocol {
  readonly #gateway: Gateway;
  readonly #relay: HttpRelay;

  /** `token`: the token that requests have to carry now; empty for none. */
  constructor(gateway: Gateway, token: () => string) {
    this.#gateway = gateway;
    this.#relay = new HttpRelay(gateway, {
      admit: (request, port) => admit(request, port, token()),
      unavailable: (error) => ({ status: 502, type: 'text/plain; charset=utf-8', body: `${error.message}\n` }),
      loginWaitMs: 120_000,
    });
  }

  serve(socket: Socket): void {
    this.#gateway.reporter.traffic.follow(socket);
    this.#relay.accept(socket);
  }

  close(): void {
    this.#relay.close();
  }
}

function admit(request: RequestHead, port: number, token: string): RequestHead | Refusal {
  const refusal = refuseForeign(request, port);
  if (refusal) return refusal;
  const own = { ...request, target: pathOf(request.target) };
  return token === '' ? own : admitWithToken(own, port, token);
}
