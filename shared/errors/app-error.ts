import * as z from 'zod';

/** All kinds of failures that a person is told about. Each code has one place to be shown (renderer/ui). */
export const errorCodes = [
  'cancelled',
  'invalid-argument',
  'internal',
  'not-found',
  'conflict',
  'closed',
  'unsupported',
  'bad-address',
  'name-not-resolved',
  'unreachable',
  'timeout',
  'wrong-port',
  'not-a-proxy',
  'untrusted-certificate',
  'bad-response',
  'rate-limited',
  'invalid-credentials',
  'locked',
  'second-factor-required',
  'second-factor-unsupported',
  'local-login-disabled',
  'hardware-key',
  'device-trust',
  'server-version',
  'expired',
  'access-denied',
  'offline',
  'node-offline',
  'login-refused',
  'host-key',
  'session-mfa',
  'query',
  'disk',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error as it crosses a boundary: plain data, no stack, nothing secret. */
export const errorDataSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});
export type ErrorData = z.infer<typeof errorDataSchema>;

/**
 * An expected failure. `message` is for people: what happened, what it means, what can be done.
 * `cause` is for the log only and never crosses a boundary.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorData['details'];

  constructor(code: ErrorCode, message: string, options: { details?: ErrorData['details']; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
  }

  toData(): ErrorData {
    return { code: this.code, message: this.message, ...(this.details ? { details: this.details } : {}) };
  }

  static fromData(data: ErrorData): AppError {
    return new AppError(data.code, data.message, data.details ? { details: data.details } : {});
  }

  /** Turns anything caught into an AppError: unknown errors become `internal`, aborts `cancelled`. */
  static from(caught: unknown): AppError {
    if (caught instanceof AppError) return caught;
    if (caught instanceof Error && caught.name === 'AbortError') return new AppError('cancelled', 'The action was cancelled.', { cause: caught });
    return new AppError('internal', 'Something went wrong inside Slipway. The log has the details.', { cause: caught });
  }
}
