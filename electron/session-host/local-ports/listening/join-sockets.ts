import type { Duplex } from 'node:stream';
import type { inspector } from '../../../lib/loopback/first-bytes.ts';
import { PingFrames } from '../../../teleport/connect/ping-frames.ts';

export interface JoinOptions {
  /** The program's side; paused. */
  local: Duplex;
  /** The target's side. */
  remote: Duplex;
  /** Bytes on the target's side are framed, with keep-alives between them (ssh-and-gateways §5.3). */
  isFramed?: boolean;
  /** Bytes that the program sent before the target was connected. */
  head?: Buffer | null;
  /** Holds back the program's bytes until they are judged (`inspector`); a refusal ends both sides. */
  inspect?: ReturnType<typeof inspector>;
  onRefused?: (sentence: string) => void;
  /**
   * Called once, when both sides are closed: with the error of the target's side, if any, and whether that side ended first without
   * having sent anything.
   */
  onEnd(error: Error | null, isRefused: boolean): void;
}

/**
 * One side has ended and the other does not read its last bytes: it gets this time, so that a stopped program cannot hold a
 * connection for ever.
 */
const drainMs = 10_000;

/**
 * Moves bytes both ways, each side no faster than the other reads. Bytes that one side sent before its end are delivered before the
 * other is closed; a side that does not read them is cut off.
 */
export function joinSockets({ local, remote, isFramed = false, head = null, inspect = (next) => next, onRefused, onEnd }: JoinOptions): void {
  const codec = isFramed ? new PingFrames() : null;
  let failure: Error | null = null;
  let open = 2;
  let hasAnswered = false;
  let isRefused = false;
  const send = (bytes: Buffer) => remote.write(codec ? codec.encode(bytes) : bytes);
  const finish = (side: Duplex) => {
    if (side.destroyed) return;
    side.end(() => side.destroy());
    setTimeout(() => side.destroy(), drainMs).unref();
  };
  /** The program's next bytes, or null at their end. */
  const take = (next: Buffer | null) => {
    const passed = inspect(next);
    if (passed === null) return;
    if ('refuse' in passed) {
      onRefused?.(passed.refuse);
      local.destroy();
      remote.destroy();
    } else if (!send(passed)) local.pause();
  };
  local.on('data', take);
  remote.on('data', (bytes: Buffer) => {
    let roomy = true;
    if (!codec) {
      hasAnswered = true;
      roomy = local.write(bytes);
    } else {
      for (const piece of codec.decode(bytes).data) {
        hasAnswered = true;
        roomy = local.write(piece);
      }
    }
    if (!roomy) remote.pause();
  });
  local.on('drain', () => remote.resume());
  remote.on('drain', () => local.resume());
  local.once('end', () => {
    take(null);
    finish(remote);
  });
  remote.once('end', () => {
    isRefused = !hasAnswered && !local.readableEnded && !local.destroyed;
    finish(local);
  });
  local.once('error', () => local.destroy());
  remote.once('error', (error) => {
    failure = error;
    remote.destroy();
  });
  const closed = (other: Duplex) => {
    finish(other);
    open--;
    if (open === 0) onEnd(failure, isRefused);
  };
  for (const [side, other] of [
    [local, remote],
    [remote, local],
  ] as const) {
    if (side.closed) queueMicrotask(() => closed(other));
    else side.once('close', () => closed(other));
  }
  if (head && head.length > 0) send(head);
  local.resume();
  remote.resume();
}
