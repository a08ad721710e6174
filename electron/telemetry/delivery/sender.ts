import type { Clock } from '../clock.ts';
import type { StampedEvent } from '../events.ts';
import type { Outcome } from '../history.ts';
import type { Outbox } from './outbox.ts';
import type { Submission } from './submit.ts';

const minBatch = 15;
const maxBatch = 30;
const maxAge = 60 * 60_000;
const pauseBetweenBatches = 1000;
const firstBackOff = 30_000;
const maxBackOff = 60 * 60_000;
/** The longest pause where a collector accepts nothing from here, which only a change of its configuration or ours can end. */
const longestBackOff = 24 * 60 * 60_000;
/** Events of an earlier run wait at least this long, so that they do not slow down the start. */
const startDelay = 10_000;

export interface SenderOptions {
  outbox: Pick<Outbox, 'size' | 'first' | 'settle' | 'moveToEnd'>;
  submit(event: StampedEvent, signal: AbortSignal): Promise<Submission>;
  clock: Clock;
  onSettled(event: StampedEvent, outcome: Outcome): void;
  /** A sentence about why sending failed, or null once it works again. */
  onProblem(problem: string | null): void;
}

/**
 * Decides when events leave: from 15 on in batches of up to 30, or after an hour whatever there is (docs/protocol/telemetry.md §7). After a
 * failure that may pass, nothing is sent for 30 s, doubling up to an hour, give or take half, or up to a day where the collector takes nothing from here; the event goes to the
 * end of the queue, so that one that makes a collector stumble does not stop the rest.
 */
export class Sender {
  readonly #options: SenderOptions;
  #stopping = new AbortController();
  #cancelTimer: (() => void) | null = null;
  #cancelAge: (() => void) | null = null;
  #ageReached = false;
  #isResting = false;
  #failures = 0;
  #running: Promise<void> | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Takes over events of an earlier run, the oldest of which is from `oldest`. A wall clock that jumped can only shorten the hour. */
  resume(oldest: number): void {
    const age = this.#options.clock.now() - oldest;
    this.#startAge(Math.min(maxAge, Math.max(startDelay, maxAge - Math.max(0, age))));
    this.#rest(startDelay);
  }

  /** Has to be called whenever an event was added. */
  poke(): void {
    if (this.#running || this.#isResting || this.#stopping.signal.aborted) return;
    const enough = this.#ageReached ? 1 : minBatch;
    if (this.#options.outbox.size >= enough) this.#start();
    else if (this.#options.outbox.size > 0) this.#startAge(maxAge);
  }

  /**
   * Sends waiting events until `deadline` and gives up at the first failure. Does nothing while the collector is known to be out of
   * reach.
   */
  async flush(deadline: AbortSignal): Promise<void> {
    deadline.addEventListener('abort', () => this.stop(), { once: true });
    await this.#running;
    while (this.#options.outbox.size > 0 && this.#failures === 0 && !this.#stopping.signal.aborted) await this.#sendBatch();
  }

  /** Aborts the present exchange; its event stays in place. */
  stop(): void {
    this.#stopping.abort();
    this.#cancelTimer?.();
    this.#cancelAge?.();
  }

  #start(): void {
    this.#running = this.#sendBatch().finally(() => {
      this.#running = null;
      if (!this.#isResting) this.#rest(pauseBetweenBatches);
    });
  }

  async #sendBatch(): Promise<void> {
    const { outbox, submit, onSettled, onProblem } = this.#options;
    this.#cancelAge?.();
    this.#cancelAge = null;
    this.#ageReached = false;
    const { signal } = this.#stopping;
    for (const event of outbox.first(maxBatch)) {
      const submission = await submit(event, signal);
      if (signal.aborted && submission.result === 'retry') return;
      if (submission.result === 'retry') {
        outbox.moveToEnd(event.id);
        onProblem(submission.detail);
        return this.#backOff(submission.afterMs ?? 0, submission.isUnwelcome ? longestBackOff : maxBackOff);
      }
      this.#failures = 0;
      onProblem(null);
      outbox.settle(event.id);
      onSettled(event, submission.result === 'sent' ? { state: 'sent' } : { state: 'dropped', reason: 'refused', detail: submission.detail });
    }
  }

  #backOff(atLeast: number, atMost: number): void {
    const { clock } = this.#options;
    const step = Math.min(atMost, firstBackOff * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#ageReached = true;
    this.#rest(Math.min(atMost, Math.max(atLeast, step * (0.5 + clock.random()))));
  }

  #rest(ms: number): void {
    this.#cancelTimer?.();
    this.#isResting = true;
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      this.#isResting = false;
      this.poke();
    });
  }

  #startAge(ms: number): void {
    this.#cancelAge ??= this.#options.clock.after(ms, () => {
      this.#cancelAge = null;
      this.#ageReached = true;
      this.poke();
    });
  }
}
