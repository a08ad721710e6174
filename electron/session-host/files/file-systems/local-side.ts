import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, opendir, readlink, realpath, rename, rmdir, stat, symlink, unlink, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import type { FileKind } from '../../../../shared/model/files.ts';
import { decodeName } from '../../../ssh/sftp/sftp.ts';
import { localError } from './local-errors.ts';
import { LocalOwners } from './local-owners.ts';
import type { FileFacts, NamedFacts, Side } from './side.ts';
import { systemPath } from './system-path.ts';

const batch = 512;
const owners = new LocalOwners();

/** Files of this computer. */
export class LocalSide implements Side {
  readonly isLocal = true;

  async home(): Promise<string> {
    return homedir();
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

  async look(path: string): Promise<FileFacts> {
    return factsOf(await told(path, () => lstat(systemPath(path))));
  }

  async follow(path: string): Promise<FileFacts> {
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
  };
}
