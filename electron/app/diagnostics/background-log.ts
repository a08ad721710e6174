import { AppError } from '../../../shared/errors/app-error.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import { type BackgroundReporter, type BackgroundWork, failureWords, isFailure } from '../../lib/background.ts';
import type { Log } from './log.ts';
import { redactText } from './redact.ts';

/**
 * The Diagnostics page shows at most this many kinds of work. Nobody reads more, and servers with ever new names cannot fill the
 * memory.
 */
const maxKept = 200;
/** A cause that comes and goes is logged at most once in this time, so that it cannot fill the log. */
const quietMs = 60_000;

interface Entry {
  /** When each cause was last logged. */
  noted: Map<string, number>;
  /** Failures since it last worked. */
  row: number;
  isReported: boolean;
}

/** Notes failures of work that nobody waits for: one line in the log for each cause, one when it works again. `topic` has them all with their counts. */
export class BackgroundLog implements BackgroundReporter {
  readonly topic = new Topic<BackgroundFailure[]>([]);
  readonly #log: Pick<Log, 'info' | 'warn'>;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(log: Pick<Log, 'info' | 'warn'>, now: () => number = Date.now) {
    this.#log = log;
    this.#now = now;
  }

  failed({ what, cluster }: BackgroundWork, caught: unknown): void {
    if (!isFailure(caught)) return;
    const error = AppError.from(caught);
    const now = this.#now();
    const words = redactText(failureWords(error));
    const entry = this.#entry({ what, cluster });
    const before = this.#find({ what, cluster });
    const { failures = 0, first = now } = before ?? {};
    this.#publish({ what, cluster, words, failures: failures + 1, first, last: now, isFailing: true });
    entry.row++;
    // Ports, times and other numbers in a server's words vary from try to try; they do not make it another cause.
    const cause = `${error.code} ${words.replace(/\d+/g, '0')}`;
    const isRepeated = entry.row > 1 && entry.noted.has(cause);
    if (isRepeated || now - (entry.noted.get(cause) ?? -Infinity) < quietMs) return;
    if (entry.noted.size >= maxKept) entry.noted.clear();
    entry.noted.set(cause, now);
    entry.isReported = true;
    this.#log.warn({ cluster, what, code: error.code, words, err: error }, 'failed in the background');
  }

  worked({ what, cluster }: BackgroundWork): void {
    const failure = this.#find({ what, cluster });
    if (!failure?.isFailing) return;
    const entry = this.#entry({ what, cluster });
    this.#publish({ ...failure, isFailing: false });
    if (entry.isReported) this.#log.info({ cluster, what, failures: entry.row }, 'works again in the background');
    entry.row = 0;
    entry.isReported = false;
  }

  #entry(work: BackgroundWork): Entry {
    const key = JSON.stringify([work.what, work.cluster]);
    const known = this.#entries.get(key);
    if (known) return known;
    const made: Entry = { noted: new Map(), row: 0, isReported: false };
    if (this.#entries.size >= maxKept) this.#entries.clear();
    this.#entries.set(key, made);
    return made;
  }

  #find({ what, cluster }: BackgroundWork): BackgroundFailure | undefined {
    return this.topic.get().find((failure) => failure.what === what && failure.cluster === cluster);
  }

  /** The latest failures come first. */
  #publish(failure: BackgroundFailure): void {
    const others = this.topic.get().filter(({ what, cluster }) => what !== failure.what || cluster !== failure.cluster);
    this.topic.set([failure, ...others].slice(0, maxKept));
  }
}
