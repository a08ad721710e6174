import { AppError } from '../../shared/errors/app-error.ts';

/** Something that is tried without anybody waiting for it. */
export interface BackgroundWork {
  /** What is tried, in words that follow "Slipway tried": "to follow the access requests". Always the same for the same work. */
  readonly what: string;
  /** Key of the cluster it is about; empty for none. */
  readonly cluster: string;
}

/** Told how such work goes, at each try: what repeats is counted, and noted once. */
export interface BackgroundReporter {
  failed(work: BackgroundWork, caught: unknown): void;
  worked(work: BackgroundWork): void;
}

/** Does nothing but tell how `promise` ends, which is passed on as it is. */
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

/** Lets `promise` go on by itself; how it ends is told. */
export function inBackground(background: BackgroundReporter, work: BackgroundWork, promise: Promise<unknown>): void {
  reported(background, work, promise).catch(() => {}); // told above
}

const endings = ['cancelled', 'closed'];

/** Whether it failed, and was not ended by Slipway itself. */
export function isFailure(caught: unknown): boolean {
  return !endings.includes(AppError.from(caught).code);
}

/** What is known about a failure, in one line: the sentence for people, and below it what the server or the system said. */
export function failureWords(caught: unknown): string {
  const error = AppError.from(caught);
  const said: string[] = [];
  for (let cause: unknown = error.cause, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth++) {
    const { details, message } = cause as Error & { details?: unknown };
    said.push(typeof details === 'string' && details !== '' ? details : message);
  }
  const words = [error.message, ...said.filter((text) => text !== '' && !error.message.includes(text))];
  return [...new Set(words)].join(' – ').replace(/\s+/g, ' ').slice(0, 1000);
}
