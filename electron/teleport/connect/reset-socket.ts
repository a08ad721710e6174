import type { Socket } from 'node:net';

interface Handle {
  getpeername?(into: object): number;
}

/**
 * Whether the OS has taken down a connection that Node still holds open. Node's HTTP/2 does not read while it writes, and a reset
 * that comes then is told to nobody (seen with Node 20): a socket that the OS knows no peer of is over. False where that cannot be told.
 */
export function isReset(socket: Socket): boolean {
  const { _handle: handle } = socket as Socket & { _handle?: Handle | null };
  return (handle?.getpeername?.({}) ?? 0) < 0;
}
