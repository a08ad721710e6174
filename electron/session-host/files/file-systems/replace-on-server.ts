import { randomUUID } from 'node:crypto';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { type SftpClient, sftpStatus, status } from '../../../ssh/sftp/sftp.ts';
import type { FileSystem } from './file-system.ts';
import { notThere } from './not-there.ts';
import { posixPath } from './posix-path.ts';

export const isThere = (path: string) => new AppError('conflict', `Something of that name is there already: ${path}`);

/** The part of a server's file system that a replacement needs. */
type ServerFiles = Pick<FileSystem, 'lstat'> & { readonly sftp: SftpClient };

/**
 * Renames `from` to `to`, and what stands there is gone then. Nothing is removed before the new one has its name: a server that cannot replace in one
 * step may hold both for the same file, on a disk that takes `A` and `a` for one name or through links. If the connection is lost between two steps,
 * what stood at `to` is whole under a name with `.slipway-old`, beside `from`.
 */
export async function replaceOnServer(fileSystem: ServerFiles, from: string, to: string): Promise<void> {
  const { sftp } = fileSystem;
  if (sftp.canReplace) {
    try {
      return await sftp.replaceByRename(from, to);
    } catch (error) {
      if (sftpStatus(error) !== status.unsupported) throw error;
    }
  }
  let refusal: unknown;
  try {
    return await sftp.rename(from, to);
  } catch (error) {
    if (sftpStatus(error) === null) throw error;
    refusal = error;
  }
  const [one, other] = await Promise.all([from, to].map((path) => fileSystem.lstat(path).catch(() => null)));
  if (!one || !other) throw refusal;
  if (other.kind === 'folder') return respell(fileSystem, from, to);
  const aside = asideOf(to);
  await sftp.rename(to, aside);
  try {
    // What went away with the other was the same file.
    if (!(await fileSystem.lstat(from).catch(notThere))) return await sftp.rename(aside, to);
    await sftp.rename(from, to);
  } catch (error) {
    await sftp.rename(aside, to).catch(() => {}); // the failure before is the one to tell; it is whole under its other name
    throw error;
  }
  await sftp.remove(aside);
}

/** A folder is replaced by nothing; but it may be the same one under another spelling. */
async function respell(fileSystem: ServerFiles, from: string, to: string): Promise<void> {
  if (from.toLowerCase() !== to.toLowerCase()) throw isThere(to);
  const { sftp } = fileSystem;
  const aside = asideOf(to);
  await sftp.rename(from, aside);
  const isOther = (await fileSystem.lstat(to).catch(notThere)) !== null;
  await sftp.rename(aside, isOther ? from : to);
  if (isOther) throw isThere(to);
}

/** Random, so that what an earlier cut left there stays. */
function asideOf(path: string): string {
  const { folder } = posixPath.split(path);
  return posixPath.join(folder, `.${randomUUID()}.slipway-old`);
}
