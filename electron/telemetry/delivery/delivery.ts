import type { ProxyEnvironment } from '../../teleport/connect/proxy-from-environment.ts';
import type { Clock } from '../clock.ts';
import type { StampedEvent } from '../events.ts';
import type { Outcome } from '../history.ts';
import type { Outbox } from './outbox.ts';
import { Sender } from './sender.ts';
import { Submitter } from './submit.ts';

export interface DeliveryOptions {
  outbox: Outbox;
  clock: Clock;
  userAgent: string;
  proxies: ProxyEnvironment;
  /** PEM roots instead of the system's. */
  ca?: string[];
  onSettled(event: StampedEvent, outcome: Outcome): void;
  onProblem(problem: string | null): void;
}

/** Sends the outbox to the present collector. Results of an exchange with an earlier collector are ignored. */
export class Delivery {
  readonly #options: DeliveryOptions;
  #current: { sender: Sender; submitter: Submitter; href: string } | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Begins to send to `url`, or stops with null; aborts an exchange with another collector. */
  to(url: URL | null): void {
    if (this.#current?.href === url?.href) return;
    this.#current?.sender.stop();
    this.#current?.submitter.close();
    this.#current = url && this.#begin(url);
  }

  /** Has to be called whenever an event was added. */
  poke(): void {
    this.#current?.sender.poke();
  }

  async flush(deadline: AbortSignal): Promise<void> {
    await this.#current?.sender.flush(deadline);
  }

  #begin(url: URL) {
    const { outbox, clock, proxies, userAgent, ca, onSettled, onProblem } = this.#options;
    const submitter = new Submitter({ url, environment: proxies, userAgent, ...(ca ? { ca } : {}) });
    const sender: Sender = new Sender({
      outbox,
      clock,
      submit: (event, signal) => submitter.submit(event, signal),
      onSettled: (event, outcome) => this.#current?.sender === sender && onSettled(event, outcome),
      onProblem: (problem) => this.#current?.sender === sender && onProblem(problem),
    });
    const oldest = outbox.first(1)[0];
    if (oldest) sender.resume(oldest.time);
    return { sender, submitter, href: url.href };
  }
}
