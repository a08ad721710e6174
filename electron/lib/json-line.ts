import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.ts';

const newline = 10;

/** Reads one line of JSON, of `limit` bytes at most, within `milliseconds`. What comes behind it stays in the stream, which is paused. */
export function readJsonLine(stream: Duplex, { limit, milliseconds }: { limit: number; milliseconds: number }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const timer = setTimeout(() => fail(new AppError('timeout', 'There was no answer in time.')), milliseconds);
    const stop = () => {
      clearTimeout(timer);
      stream.pause();
      stream.off('data', take).off('end', ended).off('error', broken).off('close', ended);
    };
    const fail = (error: AppError) => {
      stop();
      reject(error);
    };
    const ended = () => fail(new AppError('closed', 'The other side closed the connection.'));
    const broken = (cause: unknown) => fail(new AppError('closed', 'The connection broke.', { cause }));
    const take = (bytes: Buffer) => {
      read = Buffer.concat([read, bytes]);
      const at = read.indexOf(newline);
      if (at < 0 && read.length <= limit) return;
      if (at < 0 || at > limit) return fail(new AppError('bad-response', 'The message is too long.'));
      stop();
      const rest = read.subarray(at + 1);
      if (rest.length > 0) stream.unshift(rest);
      try {
        resolve(JSON.parse(read.subarray(0, at).toString()));
      } catch (cause) {
        reject(new AppError('bad-response', 'The message is no JSON.', { cause }));
      }
    };
    stream.on('data', take).once('end', ended).once('error', broken).once('close', ended);
  });
}

export const jsonLine = (value: unknown): string => `${JSON.stringify(value)}\n`;
