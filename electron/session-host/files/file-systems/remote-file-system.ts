import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileKind } from '../../../../shared/model/files.ts';
import { openFlag, type SftpAttributes, type SftpClient, type SftpName, sftpStatus, status } from '../../../ssh/sftp/sftp.ts';
import type { FileFacts, FileSystem, NamedFacts } from './file-system.ts';
import { posixPath } from './posix-path.ts';
import { readFully } from './read-fully.ts';
import { isThere, replaceOnServer } from './replace-on-server.ts';

const mostEntries = 2_000_000;
const mostEmptyAnswers = 100;
/** A list of this length takes about as long as a small file. */
const worthSearching = 20_000;

/** Files of a server, alike on OpenSSH and on Teleport's own nodes (ssh-and-gateways §3.2). */
export class RemoteFileSystem implements FileSystem {
  readonly isLocal = false;
  readonly sftp: SftpClient;

  constructor(sftp: SftpClient) {
    this.sftp = sftp;
  }

  /** The root folder where the server does not say. */
  async home(user = ''): Promise<string> {
    if (user !== '') return this.#homeOf(user);
    return this.sftp.realpath('.').catch((error: unknown) => {
      if (!this.sftp.isOpen) throw error;
      return '/';
    });
  }

  async #homeOf(user: string): Promise<string> {
    try {
      return await this.sftp.expand(`~${user}`);
    } catch (error) {
      if (!this.sftp.isOpen) throw error;
      const text = `The server does not say where the home folder of “${user}” is. Give its whole path, such as /home/${user}.`;
      throw new AppError('not-found', text, { cause: error });
    }
  }

  async real(path: string): Promise<string> {
    const real = await this.sftp.realpath(path).catch((error: unknown) => {
      if (sftpStatus(error) === null || sftpStatus(error) === status.noSuchFile) throw error;
      return path;
    });
    // OpenSSH also answers for a last name that does not exist.
    await this.stat(real);
    return real;
  }

  async *list(path: string): AsyncIterable<NamedFacts[]> {
    for await (const names of this.#names(path)) yield names.filter(({ name }) => name !== '.' && name !== '..').map(namedFacts);
  }

  async *#names(path: string): AsyncIterable<SftpName[]> {
    const { sftp } = this;
    const handle = await sftp.opendir(path);
    let next = sftp.readdir(handle);
    let told = 0;
    let empty = 0;
    try {
      for (;;) {
        const names = await next;
        if (!names) return;
        told += names.length;
        if (told > mostEntries || (names.length === 0 && ++empty > mostEmptyAnswers))
          throw new AppError('bad-response', `The list of ${path} on the server does not end, so it was not read on.`);
        next = sftp.readdir(handle);
        next.catch(() => {});
        yield names;
      }
    } finally {
      await next.catch(() => {});
      if (sftp.isOpen) await sftp.closeHandle(handle).catch(() => {});
    }
  }

  async lstat(path: string): Promise<FileFacts> {
    if (this.sftp.dialect !== 'teleport') return factsOf(await this.#attributes(path, 'lstat', 'stat'));
    const [link, found] = await Promise.allSettled([this.sftp.readlink(path), this.sftp.lstat(path)]);
    if (link.status === 'fulfilled') return { kind: 'link', size: 0, modified: null, mode: null, owner: '', group: '' };
    if (found.status === 'rejected') throw found.reason;
    return factsOf(found.value);
  }

  async stat(path: string): Promise<FileFacts> {
    return factsOf(await this.#attributes(path, 'stat', 'lstat'));
  }

  readLink(path: string): Promise<string> {
    return this.sftp.readlink(path);
  }

  /** A Teleport node would take a relative target from the home folder: it gets an absolute one instead. */
  makeLink(path: string, target: string): Promise<void> {
    const said = this.sftp.keepsRelativeLinks ? target : posixPath.absolute(target, posixPath.split(path).folder);
    return this.sftp.symlink(path, said);
  }

  async makeFolder(path: string, mode?: number): Promise<void> {
    // A Teleport node says OK when the folder is there, OpenSSH only that it failed.
    if (this.sftp.dialect === 'teleport' && (await this.#exists(path))) throw isThere(path);
    try {
      await this.sftp.mkdir(path, mode);
    } catch (error) {
      if (sftpStatus(error) === status.failure && (await this.#exists(path))) throw isThere(path);
      throw error;
    }
  }

  removeFile(path: string): Promise<void> {
    return this.sftp.remove(path);
  }

  /** RMDIR takes whole trees on a Teleport node, so it is asked only for folders that are seen to be empty. */
  async removeFolder(path: string): Promise<void> {
    for await (const entries of this.list(path))
      if (entries.length > 0) throw new AppError('conflict', `The folder ${path} is not empty: something was put into it in the meantime.`);
    await this.sftp.rmdir(path);
  }

  move(from: string, to: string): Promise<void> {
    return replaceOnServer(this, from, to);
  }

  async moveToFree(from: string, to: string): Promise<void> {
    // A Teleport node replaces what is there; what comes up after this look is replaced still.
    if (this.sftp.dialect === 'teleport' && (await this.#exists(to))) throw isThere(to);
    await this.sftp.rename(from, to).catch(async (error) => {
      throw sftpStatus(error) === status.failure && (await this.#exists(to)) ? isThere(to) : error;
    });
  }

  changeMode(path: string, mode: number): Promise<void> {
    return this.sftp.setstat(path, { mode });
  }

  setTimes(path: string, modified: number): Promise<void> {
    const seconds = toSeconds(modified);
    return this.sftp.setstat(path, { atime: seconds, mtime: seconds });
  }

  /** How many names a file has; SFTP tells it only in lists. Null where the list does not, or is long. */
  async linkCount(path: string): Promise<number | null> {
    const { folder, name } = posixPath.split(path);
    let seen = 0;
    for await (const entries of this.list(folder)) {
      const found = entries.find((entry) => entry.name === name);
      seen += entries.length;
      if (found || seen > worthSearching) return found?.links ?? null;
    }
    return null;
  }

  async readRange(path: string, offset: number, length: number): Promise<Buffer> {
    const { sftp } = this;
    const bytes = Buffer.allocUnsafe(length);
    const handle = await sftp.open(path, openFlag.read);
    try {
      const pieces = Math.ceil(length / readLength);
      const readPiece = (_: unknown, index: number) => {
        const at = index * readLength;
        return readFully(sftp, handle, offset + at, { buffer: bytes, at, length: Math.min(readLength, length - at) });
      };
      const done = await Promise.all(Array.from({ length: pieces }, readPiece));
      let total = 0;
      for (const [index, count] of done.entries()) {
        total += count;
        if (count < Math.min(readLength, length - index * readLength)) break;
      }
      return bytes.subarray(0, total);
    } finally {
      await sftp.closeHandle(handle).catch(() => {});
    }
  }

  join(folder: string, name: string): string {
    return posixPath.join(folder, name);
  }

  split(path: string): { folder: string; name: string } {
    return posixPath.split(path);
  }

  absolute(path: string, base: string): string {
    return posixPath.absolute(path, base);
  }

  /** A server that refuses one of the two questions is asked the other; one that refuses both is asked to list the folder above. */
  async #attributes(path: string, first: 'stat' | 'lstat', second: 'stat' | 'lstat'): Promise<SftpAttributes> {
    try {
      return await this.sftp[first](path).catch((error: unknown) => (isUnsupported(error) ? this.sftp[second](path) : Promise.reject(error)));
    } catch (error) {
      if (!isUnsupported(error)) throw error;
      const { folder, name } = posixPath.split(path);
      if (name === '') return { mode: 0o040755 };
      for await (const entries of this.#names(folder)) for (const entry of entries) if (entry.name === name) return attributesOf(entry);
      throw new AppError('not-found', 'The server has no such file or folder.');
    }
  }

  async #exists(path: string): Promise<boolean> {
    return this.lstat(path).then(
      () => true,
      () => false,
    );
  }
}

/** One answer of this many bytes fills one SSH packet (32 KB) without a rest. */
export const readLength = 32_755;

/** SFTP version 3 has unsigned seconds in 32 bits. */
export const toSeconds = (milliseconds: number): number => Math.min(0xffffffff, Math.max(0, Math.floor(milliseconds / 1000)));

function kindOf(mode: number | undefined): FileKind {
  switch ((mode ?? 0) & 0o170000) {
    case 0o100000:
      return 'file';
    case 0o040000:
      return 'folder';
    case 0o120000:
      return 'link';
    default:
      return 'other';
  }
}

function factsOf({ size = 0, uid, gid, mode, mtime }: SftpAttributes): FileFacts {
  const kind = kindOf(mode);
  return {
    kind,
    size: kind === 'file' && Number.isSafeInteger(size) ? size : 0,
    modified: mtime === undefined ? null : mtime * 1000,
    mode: mode === undefined ? null : mode & 0o7777,
    owner: uid === undefined ? '' : String(uid),
    group: gid === undefined ? '' : String(gid),
    ...(uid !== undefined && gid !== undefined ? { ids: { user: uid, group: gid } } : {}),
  };
}

const isUnsupported = (error: unknown) => sftpStatus(error) === status.unsupported;

const typeOfLetter: Record<string, number> = { '-': 0o100000, d: 0o040000, l: 0o120000 };

/** With the kind out of the line of `ls -l` where the attributes have none. */
function attributesOf({ long, attributes }: SftpName): SftpAttributes {
  const type = typeOfLetter[long[0] ?? ''];
  return attributes.mode === undefined && type !== undefined ? { ...attributes, mode: type } : attributes;
}

const longKinds: Record<string, FileKind> = { '-': 'file', d: 'folder', l: 'link' };

/** The long name knows links where the attributes are of what the link leads to; and it knows the names of owners. */
function namedFacts({ name, long, attributes }: SftpName): NamedFacts {
  const facts = factsOf(attributes);
  const [, letter, count, owner, group] = /^([-dlbcps])\S*\s+(\S+)\s+(\S+)\s+(\S+)\s/.exec(long) ?? [];
  const links = Number(count);
  const isLink = letter === 'l';
  const kind = isLink ? 'link' : attributes.mode === undefined && letter ? (longKinds[letter] ?? 'other') : facts.kind;
  return {
    name,
    ...facts,
    kind,
    size: kind === 'file' ? facts.size : 0,
    owner: owner ?? facts.owner,
    group: group ?? facts.group,
    ...(links > 0 ? { links } : {}),
  };
}
