import { AppError } from '../../../../shared/errors/app-error.ts';

/** Null for the error of a file that is not there; every other one is thrown on. */
export function notThere(error: unknown): null {
  if (error instanceof AppError && error.code === 'not-found') return null;
  throw error;
}
