import { createSecureContext, type SecureContext } from 'node:tls';
import type { GatewayTicket } from '../../../host-contract/ticket.ts';

/** A ticket that is good now, and the TLS context made of it. */
export interface Credentials {
  readonly ticket: GatewayTicket;
  readonly context: SecureContext;
}

/** A certificate that ends within this time is renewed first. */
const slackMs = 1000;

/** A gateway's certificate and key, in memory only. Callers that wait at the same time share one question for them. */
export class CredentialsKeeper {
  readonly #fetch: () => Promise<GatewayTicket>;
  readonly #now: () => number;
  #held: Credentials | null = null;
  #coming: Promise<Credentials> | null = null;

  constructor(fetch: () => Promise<GatewayTicket>, now: () => number) {
    this.#fetch = fetch;
    this.#now = now;
  }

  get held(): Credentials | null {
    return this.#held;
  }

  get(): Promise<Credentials> {
    if (this.#held && this.#now() < this.#held.ticket.expires - slackMs) return Promise.resolve(this.#held);
    if (this.#coming) return this.#coming;
    this.#held = null;
    const coming: Promise<Credentials> = this.#fetch().then((ticket) => {
      // The certificate was dropped while it was being fetched: it may carry rights that are gone.
      if (this.#coming !== coming) return this.get();
      const { ca, cert, key } = ticket.tls;
      const credentials = { ticket, context: createSecureContext({ cert, key, minVersion: 'TLSv1.2', ...(ca ? { ca } : {}) }) };
      this.#held = credentials;
      return credentials;
    });
    this.#coming = coming;
    const done = () => {
      if (this.#coming === coming) this.#coming = null;
    };
    coming.then(done, done);
    return coming;
  }

  /** Pending and later connections fetch a new certificate. */
  drop(): void {
    this.#held = null;
    this.#coming = null;
  }
}
