import type { Socket } from 'node:net';

interface Handle {
  getpeername?(into: object): number;
}

/**
 * Whether the OS has closed a connection that Node still holds open. Node's HTTP/2 does not read while it writes, and a reset that
 * comes then is not reported (seen with Node 20); a socket without a peer in the OS is over. False where the OS cannot tell.
 */
export function isReset(socket: Socket): boolean {
  const { _handle: handle } = socket as Socket & { _handle?: Handle | null };
  return (handle?.getpeername?.({}) ?? 0) < 0;
}
