import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { isLocalHost, isLocalOrigin } from '../listening/first-bytes.ts';
import { admitWithToken } from './app-token.ts';
import type { Door, Gateway } from './gateway.ts';
import { HttpRelay, type Refusal } from './http-relay.ts';

/** Web apps and databases that speak HTTP. Nothing but requests for this port's own names, and not from pages of somebody else, gets through. */
export class HttpDoor implements Door {
  readonly #gateway: Gateway;
  readonly #relay: HttpRelay;

  /** `token`: what requests have to carry now; empty when nothing. */
  constructor(gateway: Gateway, token: () => string) {
    this.#gateway = gateway;
    this.#relay = new HttpRelay(gateway, {
      refuse: (request) => refuseForeign(request) ?? (token() === '' ? null : admitWithToken(request, token())),
      unavailable: (error) => ({ status: 502, type: 'text/plain; charset=utf-8', body: `${error.message}\n` }),
      patienceMs: 120_000,
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

/**
 * Against DNS rebinding the Host is checked; against pages of somebody else who guess the port, what browsers say about where a request comes from. Links to
 * the app may still be followed from anywhere.
 */
export function refuseForeign({ headers, method }: Pick<IncomingMessage, 'headers' | 'method'>): Refusal | null {
  const { host = '', origin } = headers;
  if (!isLocalHost(host)) return { status: 421, text: 'This address of Slipway is only for 127.0.0.1 and localhost.\n' };
  const refusal = { status: 403, text: 'Slipway does not let other web pages use this app.\n' };
  if (origin !== undefined && !isLocalOrigin(origin)) return refusal;
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && (method === 'GET' || method === 'HEAD');
  return headers['sec-fetch-site'] === 'cross-site' && !isNavigation ? refusal : null;
}
