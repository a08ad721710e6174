import type { Client } from '../../shared/ipc/client.ts';
import type { TopicValue } from '../../shared/ipc/define.ts';
import type { TicketContract } from '../host-contract/ticket.ts';

export type Access = TopicValue<TicketContract, 'access'>[string];

/** Why a login is no longer valid: after an expiry the certificate still exists, after a logout it does not. */
export function loginEnd(access: Access | undefined): string {
  return access && access.expires !== null ? 'Your login on this cluster has ended' : 'You logged out of this cluster';
}

/** The current access of each login, as main reports it. Undefined: no access. */
export class AccessWatch {
  #access: TopicValue<TicketContract, 'access'> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;

  constructor(tickets: Client<TicketContract>) {
    this.#stop = tickets.subscribe('access', (value) => {
      this.#access = value;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** False until main has reported for the first time. */
  get isKnown(): boolean {
    return this.#access !== null;
  }

  of(cluster: string): Access | undefined {
    return this.#access && Object.hasOwn(this.#access, cluster) ? this.#access[cluster] : undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves to true when somebody is logged in to the cluster again, to false when the signal comes first. */
  signedIn(cluster: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (isThere: boolean) => {
        stop();
        signal.removeEventListener('abort', aborted);
        resolve(isThere);
      };
      const check = () => {
        if (this.of(cluster)?.signedIn) settle(true);
      };
      const aborted = () => settle(false);
      const stop = this.onChange(check);
      signal.addEventListener('abort', aborted, { once: true });
      if (signal.aborted) aborted();
      else check();
    });
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }
}
