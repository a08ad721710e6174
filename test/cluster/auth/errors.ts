/** gRPC status codes used here (login-and-auth §8). */
export const code = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const denied = (message = 'access denied') => new RpcError(code.permissionDenied, message);
export const invalid = (message: string) => new RpcError(code.invalidArgument, message);
export const notFound = (message: string) => new RpcError(code.notFound, message);
export const unimplemented = (message: string) => new RpcError(code.unimplemented, message);
