import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { systemCode } from './system-calls.ts';

/** The reason why a file cannot be used, worded to follow "could not be read:". */
export class UnreadableFile extends Error {}

/**
 * Bytes of a plain file; null when it is missing. Devices, pipes and folders are refused before anything is read from them, and so are
 * files of more than `maxBytes`: `UnreadableFile`. What the system refuses is its error.
 */
export function readPlainFile(path: string, maxBytes: number): Buffer | null {
  let file: number;
  try {
    // A pipe that nobody writes to would block without this flag.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (caught) {
    if (isMissing(caught)) return null;
    // A socket cannot be opened at all.
    if (systemCode(caught) === 'ENXIO') throw new UnreadableFile('it is not a plain file');
    throw caught;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new UnreadableFile('it is not a plain file');
    if (found.size > maxBytes) throw new UnreadableFile(`it is larger than ${maxBytes} bytes`);
    return readUpTo(file, found.size, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** The size that the system reports may be smaller than the content: the file may be growing, or be one of /proc. */
function readUpTo(file: number, size: number, maxBytes: number): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  for (let room = size + 1; length <= maxBytes; room = 64 * 1024) {
    const piece = Buffer.allocUnsafe(Math.min(room, maxBytes + 1 - length));
    const count = readSync(file, piece, 0, piece.length, null);
    if (count === 0) return Buffer.concat(pieces, length);
    pieces.push(piece.subarray(0, count));
    length += count;
  }
  throw new UnreadableFile(`it is larger than ${maxBytes} bytes`);
}

/** Text of UTF-8 bytes without their byte order mark. Anything else is refused rather than changed: `UnreadableFile`. */
export function decodeUtf8(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) throw new UnreadableFile('it is in UTF-16 and not in UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('it is not in UTF-8');
  }
}

/** Whether a value has more levels than any file of ours; code that goes down level by level would run out of stack. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= mostLevels; depth++) {
    level = level.flatMap((entry) => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** Our deepest file has nine; there is room for fields of later versions. */
const mostLevels = 100;

export const isMissing = (caught: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(systemCode(caught) ?? '');
