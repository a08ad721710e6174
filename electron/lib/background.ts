import { AppError } from '../../shared/errors/app-error.ts';

/** Work that is tried without anybody waiting for its result. */
export interface BackgroundWork {
  /** What is tried, in words that follow "Slipway tried": "to follow the access requests". Always the same for the same work. */
  readonly what: string;
  /** Key of the cluster that the work is about; empty for none. */
  readonly cluster: string;
}

/** Receives the result of each try. Repeated failures are counted and logged once. */
export interface BackgroundReporter {
  failed(work: BackgroundWork, caught: unknown): void;
  worked(work: BackgroundWork): void;
}

/** Returns what `promise` returns, and reports to `background` whether it worked. */
export async function reported<T>(background: BackgroundReporter, work: BackgroundWork, promise: Promise<T>): Promise<T> {
  try {
    const value = await promise;
    background.worked(work);
    return value;
  } catch (caught) {
    background.failed(work, caught);
    throw caught;
  }
}

/** Lets `promise` run on its own and reports whether it worked. */
export function inBackground(background: BackgroundReporter, work: BackgroundWork, promise: Promise<unknown>): void {
  reported(background, work, promise).catch(() => {}); // `reported` has reported the failure
}

const endings = ['cancelled', 'closed'];

/** Whether the work failed, rather than being ended by Slipway itself. */
export function isFailure(caught: unknown): boolean {
  return !endings.includes(AppError.from(caught).code);
}

/** What is known about a failure, in one line: the sentence for people, and below it what the server or the system said. */
export function failureWords(caught: unknown): string {
  const error = AppError.from(caught);
  const said: string[] = [];
  for (let cause: unknown = error.cause, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    const details = 'details' in cause ? cause.details : undefined;
    said.push(typeof details === 'string' && details !== '' ? details : cause.message);
  }
  const words = [error.message, ...said.filter((text) => text !== '' && !error.message.includes(text))];
  return [...new Set(words)].join(' – ').replace(/\s+/g, ' ').slice(0, 1000);
}
