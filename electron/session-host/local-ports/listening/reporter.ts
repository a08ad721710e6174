import type { AppError } from '../../../../shared/errors/app-error.ts';
import type { Traffic } from './traffic.ts';

/** Where a local port reports its state, for the connection list. */
export interface Reporter {
  readonly traffic: Traffic;
  /** A connection through the port failed, or all of them ended. */
  failed(error: AppError): void;
  /** A connection through the port works. */
  worked(): void;
  /** A program waits until somebody logs in (`login`), or none waits any more (null). */
  wants(what: 'login' | null): void;
}
