import type { Stats } from 'node:fs';
import { chmod, link, lstat, mkdir, open, opendir, readlink, realpath, rename, rmdir, stat, symlink, unlink, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileKind } from '../../../../shared/model/files.ts';
import { systemCode } from '../../../lib/system-calls.ts';
import { decodeName } from '../../../ssh/sftp/sftp.ts';
import type { FileFacts, FileSystem, NamedFacts } from './file-system.ts';
import { localError } from './local-errors.ts';
import { LocalOwners } from './local-owners.ts';
import { notThere } from './not-there.ts';
import { systemPath } from './system-path.ts';

const batch = 512;
const owners = new LocalOwners();

/** Files of this computer. */
export class LocalFileSystem implements FileSystem {
  readonly isLocal = true;

  async home(user = ''): Promise<string> {
    const home = user === '' ? homedir() : owners.home(user);
    if (home) return home;
    throw new AppError('not-found', `This computer does not say where the home folder of “${user}” is. Give its whole path.`);
  }

  real(path: string): Promise<string> {
    return told(path, () => realpath(systemPath(path), 'buffer')).then(decodeName);
  }

  async *list(path: string): AsyncIterable<NamedFacts[]> {
    const folder = await told(path, () => opendir(systemPath(path), { bufferSize: batch, encoding: 'buffer' as BufferEncoding }));
    let names: string[] = [];
    try {
      for (;;) {
        const entry = await told(path, () => folder.read());
        if (entry) names.push(decodeName(entry.name as unknown as Uint8Array));
        if (names.length === batch || (!entry && names.length > 0)) {
          yield await Promise.all(names.map((name) => this.#named(path, name)));
          names = [];
        }
        if (!entry) return;
      }
    } finally {
      await folder.close();
    }
  }

  async lstat(path: string): Promise<FileFacts> {
    return factsOf(await told(path, () => lstat(systemPath(path))));
  }

  async stat(path: string): Promise<FileFacts> {
    return factsOf(await told(path, () => stat(systemPath(path))));
  }

  readLink(path: string): Promise<string> {
    return told(path, () => readlink(systemPath(path), 'buffer')).then(decodeName);
  }

  makeLink(path: string, target: string): Promise<void> {
    return told(path, () => symlink(systemPath(target), systemPath(path)));
  }

  async makeFolder(path: string, mode = 0o777): Promise<void> {
    await told(path, () => mkdir(systemPath(path), { mode }));
  }

  removeFile(path: string): Promise<void> {
    return told(path, () => unlink(systemPath(path)));
  }

  removeFolder(path: string): Promise<void> {
    return told(path, () => rmdir(systemPath(path)));
  }

  move(from: string, to: string): Promise<void> {
    return told(to, () => rename(systemPath(from), systemPath(to)));
  }

  moveToFree(from: string, to: string): Promise<void> {
    return told(to, async () => {
      const [source, target] = [systemPath(from), systemPath(to)];
      const isFile = (await lstat(source)).isFile();
      const isLinked = isFile && (await linkTo(source, target));
      if (isLinked) return unlink(source);
      // A folder or link, or a file system without hard links: what comes up after this look is replaced.
      if (await this.lstat(to).catch(notThere)) throw new AppError('conflict', `Something of that name is there already: ${to}`);
      await rename(source, target);
    });
  }

  changeMode(path: string, mode: number): Promise<void> {
    return told(path, () => chmod(systemPath(path), mode));
  }

  setTimes(path: string, modified: number): Promise<void> {
    return told(path, () => utimes(systemPath(path), modified / 1000, modified / 1000));
  }

  readRange(path: string, offset: number, length: number): Promise<Buffer> {
    return told(path, async () => {
      const file = await open(systemPath(path), 'r');
      try {
        const bytes = Buffer.allocUnsafe(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return bytes.subarray(0, done);
      } finally {
        await file.close();
      }
    });
  }

  join(folder: string, name: string): string {
    return join(folder, name);
  }

  split(path: string): { folder: string; name: string } {
    return { folder: dirname(path), name: basename(path) };
  }

  absolute(path: string, base: string): string {
    return normalize(resolve(base || homedir(), path));
  }

  async #named(folder: string, name: string): Promise<NamedFacts> {
    try {
      return { name, ...factsOf(await lstat(systemPath(join(folder, name)))) };
    } catch {
      // Gone since it was listed.
      return { name, kind: 'other', size: 0, modified: null, mode: null, owner: '', group: '' };
    }
  }
}

/** False where the file system has no hard links. */
async function linkTo(from: string | Buffer, to: string | Buffer): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (caught) {
    if (systemCode(caught) === 'EEXIST') throw caught;
    return false;
  }
}

async function told<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (caught) {
    throw localError(caught, path);
  }
}

function factsOf(found: Stats): FileFacts {
  const kind: FileKind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    size: kind === 'file' ? found.size : 0,
    modified: Math.round(found.mtimeMs),
    mode: process.platform === 'win32' ? null : found.mode & 0o7777,
    owner: process.platform === 'win32' ? '' : owners.user(found.uid),
    group: process.platform === 'win32' ? '' : owners.group(found.gid),
    ids: { user: found.uid, group: found.gid },
    links: found.nlink,
  };
}
