import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import type { FileSystem } from '../../file-systems/file-system.ts';

/** A larger file is written in place without a copy: fetching it first could take longer than the writing. */
const largestCopy = 64 * 1024 * 1024;
const pieceLength = 1024 * 1024;

/** Does what writes over a file; if it fails in the middle, the earlier content stays in a copy on this computer, and the error says where. */
export async function keepingCopy(fileSystem: FileSystem, path: string, size: number, write: () => Promise<void>): Promise<void> {
  const kept = await copyOf(fileSystem, path, size);
  try {
    await write();
  } catch (caught) {
    const error = AppError.from(caught);
    const where = kept ? ` What stood in it before is kept on this computer, in ${kept.file}.` : '';
    const details = error.details ? { details: error.details } : {};
    throw new AppError(error.code, `${error.message} ${path} was being written in place and may be half done.${where}`, {
      cause: caught,
      ...details,
    });
  }
  await kept?.remove();
}

/** Null where it cannot be read, or is too large. */
async function copyOf(fileSystem: FileSystem, path: string, size: number): Promise<{ file: string; remove(): Promise<void> } | null> {
  if (size > largestCopy) return null;
  const folder = await mkdtemp(join(tmpdir(), 'slipway-replaced-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const name = join(folder, 'earlier-content');
  const file = await open(name, 'wx', 0o600);
  try {
    for (let at = 0; at <= largestCopy; at += pieceLength) {
      const piece = await fileSystem.readRange(path, at, pieceLength);
      await file.write(piece);
      if (piece.length < pieceLength) break;
    }
    return { file: name, remove };
  } catch (caught) {
    await remove();
    if (AppError.from(caught).code === 'closed') throw caught;
    return null;
  } finally {
    await file.close();
  }
}
