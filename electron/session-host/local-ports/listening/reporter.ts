import type { AppError } from '../../../../shared/errors/app-error.ts';
import type { Traffic } from './traffic.ts';

/** Where a local port reports how it goes, for the connection list. */
export interface Reporter {
  readonly traffic: Traffic;
  /** A connection through the port failed, or all of them ended. */
  failed(error: AppError): void;
  /** A connection through the port works. */
  worked(): void;
  /** A program waits until somebody logs in, or no program does any more. */
  wants(what: 'login' | null): void;
}
