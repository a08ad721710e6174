import { AppError } from '../../../../shared/errors/app-error.ts';
import type { FileKind } from '../../../../shared/model/files.ts';
import { openFlag, type SftpAttributes, type SftpClient, type SftpName, sftpStatus, status } from '../../../ssh/sftp/sftp.ts';
import { posixPath } from './posix-path.ts';
import type { FileFacts, NamedFacts, Side } from './side.ts';

const mostEntries = 2_000_000;
const mostEmptyAnswers = 100;

/** Files of a server, alike on OpenSSH and on Teleport's own nodes (ssh-and-gateways §3.2). */
export class RemoteSide implements Side {
  readonly isLocal = false;
  readonly sftp: SftpClient;

  constructor(sftp: SftpClient) {
    this.sftp = sftp;
  }

  home(): Promise<string> {
    return this.sftp.realpath('.');
  }

  async real(path: string): Promise<string> {
    const real = await this.sftp.realpath(path);
    // OpenSSH also answers for a last name that does not exist.
    await this.sftp.stat(real);
    return real;
  }

  async *list(path: string): AsyncIterable<NamedFacts[]> {
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
        yield names.filter(({ name }) => name !== '.' && name !== '..').map(namedFacts);
      }
    } finally {
      await next.catch(() => {});
      if (sftp.isOpen) await sftp.closeHandle(handle).catch(() => {});
    }
  }

  async look(path: string): Promise<FileFacts> {
    if (this.sftp.dialect !== 'teleport') return factsOf(await this.sftp.lstat(path));
    const [link, found] = await Promise.allSettled([this.sftp.readlink(path), this.sftp.lstat(path)]);
    if (link.status === 'fulfilled') return { kind: 'link', size: 0, modified: null, mode: null, owner: '', group: '' };
    if (found.status === 'rejected') throw found.reason;
    return factsOf(found.value);
  }

  async follow(path: string): Promise<FileFacts> {
    return factsOf(await this.sftp.stat(path));
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
    return this.sftp.replace(from, to);
  }

  changeMode(path: string, mode: number): Promise<void> {
    return this.sftp.setstat(path, { mode });
  }

  setTimes(path: string, modified: number): Promise<void> {
    const seconds = toSeconds(modified);
    return this.sftp.setstat(path, { atime: seconds, mtime: seconds });
  }

  async readRange(path: string, offset: number, length: number): Promise<Buffer> {
    const { sftp } = this;
    const bytes = Buffer.allocUnsafe(length);
    const handle = await sftp.open(path, openFlag.read);
    try {
      const pieces = Math.ceil(length / readLength);
      const done = await Promise.all(Array.from({ length: pieces }, (_, index) => this.#readPiece(handle, bytes, index * readLength, offset)));
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

  async #readPiece(handle: Buffer, bytes: Buffer, at: number, offset: number): Promise<number> {
    const wanted = Math.min(readLength, bytes.length - at);
    let done = 0;
    while (done < wanted) {
      const count = await this.sftp.read(handle, offset + at + done, { buffer: bytes, at: at + done, length: wanted - done });
      if (count === 0) break;
      done += count;
    }
    return done;
  }

  async #exists(path: string): Promise<boolean> {
    return this.look(path).then(
      () => true,
      () => false,
    );
  }
}

/** One answer of this many bytes fills one SSH packet (32 KB) without a rest. */
export const readLength = 32_755;

/** SFTP version 3 has unsigned seconds in 32 bits. */
export const toSeconds = (milliseconds: number): number => Math.min(0xffffffff, Math.max(0, Math.floor(milliseconds / 1000)));

const isThere = (path: string) => new AppError('conflict', `Something of that name is there already: ${path}`);

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
  };
}

const longKinds: Record<string, FileKind> = { '-': 'file', d: 'folder', l: 'link' };

/** The long name knows links where the attributes are of what the link leads to; and it knows the names of owners. */
function namedFacts({ name, long, attributes }: SftpName): NamedFacts {
  const facts = factsOf(attributes);
  const [, letter, owner, group] = /^([-dlbcps])\S*\s+\S+\s+(\S+)\s+(\S+)\s/.exec(long) ?? [];
  const isLink = letter === 'l';
  const kind = isLink ? 'link' : attributes.mode === undefined && letter ? (longKinds[letter] ?? 'other') : facts.kind;
  return { name, ...facts, kind, size: kind === 'file' ? facts.size : 0, owner: owner ?? facts.owner, group: group ?? facts.group };
}
