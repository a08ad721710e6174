import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemPath } from '../../../electron/session-host/files/file-systems/system-path.ts';
import { finishChannel } from '../../../electron/ssh/server-session.ts';
import { decodeName, encodeName } from '../../../electron/ssh/sftp/sftp-names.ts';
import { attributesBytes, openFlag, packet, packetType, readAttributes, status, stringBytes } from '../../../electron/ssh/sftp/sftp-packets.ts';
import type { Channel } from '../../../electron/ssh/ssh2-internals.ts';
import { str, u32, WireReader } from '../../../electron/ssh/wire-bytes.ts';
import type { Faults } from '../faults.ts';
import { foldedPath } from './folded-path.ts';
import { entriesPerReply, listingOf } from './hostile-listings.ts';
import { attributesOf, longName } from './sftp-listing.ts';

const longestMessage = 256 * 1024;
const longestRead = 32_768;

type OpenHandle =
  | { kind: 'file'; file: fs.FileHandle; isAppend: boolean }
  | { kind: 'folder'; path: string; names: string[] | null; repeats: number };

export interface SftpNodeOptions {
  home?: string;
  faults?: () => Faults['sftp'];
  /** Like a server that keeps to the draft on a disk that folds case: no extensions, RENAME replaces nothing, `A` and `a` are one name. */
  isPlain?: boolean;
  /** Requests of these packet types are answered with "unsupported". */
  refuses?: (type: number) => boolean;
  /** What REALPATH answers in the place of the truth. */
  realpath?: () => string;
  /** What READLINK answers in the place of the truth. */
  readlink?: () => string;
}

/** The file server of a Teleport node, as it was measured (ssh-and-gateways §3.2): not OpenSSH's in many ways. Works on the local user's files. */
export class SftpNode {
  readonly #channel: Channel;
  readonly #faults: () => Faults['sftp'];
  readonly #home: string;
  readonly #isPlain: boolean;
  readonly #realpath: (() => string) | null;
  readonly #readlink: (() => string) | null;
  readonly #refuses: (type: number) => boolean;
  readonly #handles = new Map<string, OpenHandle>();
  #nextHandle = 1;
  #waiting: Buffer = Buffer.alloc(0);
  #taking: Promise<unknown> = Promise.resolve();
  #commands: Promise<unknown> = Promise.resolve();
  readonly #underWay = new Set<Promise<unknown>>();
  /** Answers in the order of their requests; null is not ready yet. */
  readonly #answers: { bytes: Buffer | null }[] = [];

  private constructor(
    channel: Channel,
    { home = homedir(), faults = () => undefined, isPlain = false, refuses, realpath, readlink }: SftpNodeOptions,
  ) {
    this.#realpath = realpath ?? null;
    this.#readlink = readlink ?? null;
    this.#channel = channel;
    this.#home = home;
    this.#faults = faults;
    this.#isPlain = isPlain;
    this.#refuses = refuses ?? (() => false);
  }

  static serve(channel: Channel, options: SftpNodeOptions = {}): void {
    const node = new SftpNode(channel, options);
    channel.on('data', (bytes: Buffer) => node.#receive(bytes));
    channel.on('end', () => void node.#close().then(() => finishChannel(channel, 0)));
    channel.on('close', () => void node.#close());
  }

  async #close(): Promise<void> {
    await this.#taking;
    await Promise.all(this.#underWay);
    for (const handle of this.#handles.values()) if (handle.kind === 'file') await handle.file.close().catch(() => {});
    this.#handles.clear();
  }

  #receive(bytes: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
    while (this.#waiting.length >= 4) {
      const length = this.#waiting.readUInt32BE(0);
      if (length > longestMessage || length < 5) return this.#channel.close();
      if (this.#waiting.length < 4 + length) return;
      const type = this.#waiting[4]!;
      const body = Buffer.from(this.#waiting.subarray(5, 4 + length));
      this.#waiting = this.#waiting.subarray(4 + length);
      this.#order(type, body);
    }
  }

  /**
   * The order of Go's server (github.com/pkg/sftp): reads and writes run on workers of their own, everything else one after the
   * other; only CLOSE waits for the requests before it, and holds back those after it. Answers keep the order of their requests.
   * Writes are late on purpose, so that a client that relies on more than this fails.
   */
  #order(type: number, body: Buffer): void {
    if (type === packetType.init) {
      const said = Buffer.concat(this.#isPlain ? [] : announced);
      return this.#send(Buffer.concat([u32(5 + said.length), Buffer.from([packetType.version]), u32(3), said]));
    }
    const reader = new WireReader(body);
    const id = reader.u32();
    const place: { bytes: Buffer | null } = { bytes: null };
    this.#answers.push(place);
    this.#taking = this.#taking.then(async () => {
      if (type === packetType.close) await Promise.all(this.#underWay);
      const isTransfer = type === packetType.read || type === packetType.write;
      const late = type === packetType.write ? nextTurn().then(() => this.#commands) : Promise.resolve();
      const work: Promise<unknown> = (isTransfer ? late : this.#commands)
        .then(() => this.#answer(type, id, reader))
        .then((bytes) => {
          place.bytes = bytes;
          this.#underWay.delete(work);
          while (this.#answers[0]?.bytes) this.#send(this.#answers.shift()!.bytes!);
        });
      this.#underWay.add(work);
      if (!isTransfer) this.#commands = work;
    });
  }

  async #answer(type: number, id: number, reader: WireReader): Promise<Buffer> {
    try {
      if (this.#refuses(type)) return statusPacket(id, status.unsupported, 'not here');
      const reply = await this.#do(type, id, reader);
      return this.#hostile(type, id, reply);
    } catch (error) {
      const { code, text } = statusOf(error);
      return statusPacket(id, code, text);
    }
  }

  #send(bytes: Buffer): void {
    if (this.#channel.writable) this.#channel.write(bytes);
  }

  /** The answer of a hostile server. */
  #hostile(type: number, id: number, reply: Buffer): Buffer {
    const fault = this.#faults();
    if (fault === 'length' && type === packetType.stat) return Buffer.concat([u32(0x7fffffff), reply.subarray(4)]);
    if (fault === 'unasked' && type === packetType.stat) return packet(packetType.data, id, [u32(3), Buffer.from('abc')]);
    if (fault === 'stranger' && type === packetType.stat) return statusPacket(id + 1_000_000, status.ok, '');
    if (fault === 'too-much' && type === packetType.read && reply[4] === packetType.data)
      return packet(packetType.data, id, [u32(60_000), Buffer.alloc(60_000)]);
    return reply;
  }

  async #do(type: number, id: number, reader: WireReader): Promise<Buffer> {
    const path = () => systemPath(this.#path(reader.string()));
    switch (type) {
      case packetType.open:
        return this.#open(id, path(), reader.u32(), readAttributes(reader).mode);
      case packetType.close:
        return this.#closeHandle(id, reader.string().toString());
      case packetType.read:
        return this.#read(id, reader.string().toString(), Number(reader.u64()), reader.u32());
      case packetType.write: {
        const handle = this.#file(reader.string().toString());
        const offset = Number(reader.u64());
        const data = reader.string();
        if (handle.isAppend) throw new Error('bad file descriptor');
        await handle.file.write(data, 0, data.length, offset);
        return statusPacket(id, status.ok, '');
      }
      case packetType.stat:
      case packetType.lstat:
        return packet(packetType.attrs, id, [attributesBytes(attributesOf(await fs.stat(path())))]);
      case packetType.fstat:
        return packet(packetType.attrs, id, [attributesBytes(attributesOf(await this.#file(reader.string().toString()).file.stat()))]);
      case packetType.setstat: {
        await setAttributes(path(), readAttributes(reader));
        return statusPacket(id, status.ok, '');
      }
      case packetType.fsetstat: {
        await setAttributes(this.#file(reader.string().toString()).file, readAttributes(reader));
        return statusPacket(id, status.ok, '');
      }
      case packetType.opendir: {
        const folder = this.#path(reader.string());
        if (this.#faults() === 'wide') return this.#handle(id, { kind: 'folder', path: folder, names: null, repeats: 0 });
        if (!(await fs.stat(systemPath(folder))).isDirectory())
          throw Object.assign(new Error(`open ${folder}: not a directory`), { code: 'ENOTDIR' });
        await fs.access(systemPath(folder), constants.R_OK);
        return this.#handle(id, { kind: 'folder', path: folder, names: null, repeats: 0 });
      }
      case packetType.readdir:
        return this.#readFolder(id, reader.string().toString());
      case packetType.remove: {
        const file = path();
        if ((await fs.lstat(file)).isDirectory()) throw new Error(`"${file}" is a directory`);
        await fs.unlink(file);
        return statusPacket(id, status.ok, '');
      }
      case packetType.mkdir:
        await fs.mkdir(path(), { recursive: true });
        return statusPacket(id, status.ok, '');
      case packetType.rmdir:
        await fs.rm(path(), { recursive: true });
        return statusPacket(id, status.ok, '');
      case packetType.realpath:
        return names(id, [this.#realpath ? Buffer.from(this.#realpath()) : await fs.realpath(path(), 'buffer')]);
      case packetType.readlink:
        return names(id, [this.#readlink ? Buffer.from(this.#readlink()) : await fs.readlink(path(), 'buffer')]);
      case packetType.rename: {
        const [from, to] = [path(), path()];
        const isThere = this.#isPlain && (await fs.lstat(to).then(Boolean, () => false));
        if (isThere) return statusPacket(id, status.failure, 'Failure');
        await fs.rename(from, to);
        return statusPacket(id, status.ok, '');
      }
      case packetType.symlink: {
        const link = path();
        await fs.symlink(path(), link);
        return statusPacket(id, status.ok, '');
      }
      case packetType.extended: {
        const name = reader.string().toString();
        if (name === 'posix-rename@openssh.com') await fs.rename(path(), path());
        else if (name === 'hardlink@openssh.com') {
          const link = path();
          await fs.link(path(), link);
        } else
          return statusPacket(
            id,
            status.unsupported,
            name === 'statvfs@openssh.com' ? 'operation unsupported' : 'Server does not support this extended request',
          );
        return statusPacket(id, status.ok, '');
      }
      default:
        return statusPacket(id, status.unsupported, '');
    }
  }

  /** Relative to the home folder; a tilde is a name like any other. */
  #path(bytes: Buffer): string {
    const text = decodeName(bytes);
    const whole = isAbsolute(text) ? resolve(text) : resolve(this.#home, text);
    return this.#isPlain ? foldedPath(whole) : whole;
  }

  #handle(id: number, handle: OpenHandle): Buffer {
    const name = String(this.#nextHandle++);
    this.#handles.set(name, handle);
    return packet(packetType.handle, id, [stringBytes(Buffer.from(name))]);
  }

  #file(name: string): OpenHandle & { kind: 'file' } {
    const handle = this.#handles.get(name);
    if (handle?.kind !== 'file') throw new Error('invalid handle');
    return handle;
  }

  async #open(id: number, path: string | Buffer, flags: number, mode: number | undefined): Promise<Buffer> {
    const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_EXCL } = constants;
    const reads = (flags & openFlag.read) !== 0;
    const writes = (flags & openFlag.write) !== 0;
    const how =
      (reads && writes ? O_RDWR : writes ? O_WRONLY : O_RDONLY) |
      (flags & openFlag.create ? O_CREAT : 0) |
      (flags & openFlag.truncate ? O_TRUNC : 0) |
      (flags & openFlag.exclusive ? O_EXCL : 0);
    const file = await fs.open(path, how, mode ?? 0o644);
    return this.#handle(id, { kind: 'file', file, isAppend: (flags & openFlag.append) !== 0 });
  }

  async #closeHandle(id: number, name: string): Promise<Buffer> {
    const handle = this.#handles.get(name);
    if (!handle) throw new Error('invalid handle');
    this.#handles.delete(name);
    if (handle.kind === 'file') await handle.file.close();
    return statusPacket(id, status.ok, '');
  }

  async #read(id: number, name: string, offset: number, length: number): Promise<Buffer> {
    const { file } = this.#file(name);
    const wanted = Math.min(length, longestRead);
    const reply = Buffer.allocUnsafe(13 + wanted);
    const { bytesRead } = await file.read(reply, 13, wanted, offset);
    if (bytesRead === 0) return statusPacket(id, status.eof, 'EOF');
    reply.writeUInt32BE(9 + bytesRead, 0);
    reply[4] = packetType.data;
    reply.writeUInt32BE(id, 5);
    reply.writeUInt32BE(bytesRead, 9);
    return reply.subarray(0, 13 + bytesRead);
  }

  async #readFolder(id: number, name: string): Promise<Buffer> {
    const handle = this.#handles.get(name);
    if (handle?.kind !== 'folder') throw new Error('invalid handle');
    const fault = this.#faults();
    const lie = listingOf(fault, id, handle.repeats);
    if (lie) {
      handle.repeats++;
      return lie;
    }
    handle.names ??= (await fs.readdir(systemPath(handle.path), 'buffer')).map(decodeName);
    const some = handle.names.splice(0, entriesPerReply);
    if (some.length === 0) return statusPacket(id, status.eof, 'EOF');
    const entries = await Promise.all(
      some.map(async (entry) => {
        const found = await fs.lstat(systemPath(join(handle.path, entry))).catch(() => null);
        if (!found) return [];
        const attributes = attributesOf(found);
        if (fault === 'size' && found.isFile()) attributes.size = found.size + 1000;
        return [Buffer.concat([str(encodeName(entry)), str(encodeName(longName(entry, found))), attributesBytes(attributes)])];
      }),
    );
    const flat = entries.flat();
    return packet(packetType.name, id, [u32(flat.length), ...flat]);
  }
}

const extension = (name: string, version: string) => Buffer.concat([str(name), str(version)]);
const announced = [extension('hardlink@openssh.com', '1'), extension('posix-rename@openssh.com', '1'), extension('statvfs@openssh.com', '2')];

const names = (id: number, paths: readonly Buffer[]) =>
  packet(packetType.name, id, [u32(paths.length), ...paths.map((path) => Buffer.concat([str(path), str(path), u32(0)]))]);

const statusPacket = (id: number, code: number, text: string) => packet(packetType.status, id, [u32(code), str(text), str('')]);

async function setAttributes(
  target: string | Buffer | fs.FileHandle,
  { size, mode, uid, gid, atime, mtime }: ReturnType<typeof readAttributes>,
): Promise<void> {
  const isPath = typeof target === 'string' || Buffer.isBuffer(target);
  const file = isPath ? null : target;
  const path = isPath ? target : '';
  if (size !== undefined) await (file ? file.truncate(size) : fs.truncate(path, size));
  if (mode !== undefined) await (file ? file.chmod(mode & 0o7777) : fs.chmod(path, mode & 0o7777));
  if (uid !== undefined && gid !== undefined) await (file ? file.chown(uid, gid) : fs.chown(path, uid, gid));
  if (atime !== undefined && mtime !== undefined) await (file ? file.utimes(atime, mtime) : fs.utimes(path, atime, mtime));
}

const texts: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EEXIST: 'file exists',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  EINVAL: 'invalid argument',
  ENOSPC: 'no space left on device',
  ENAMETOOLONG: 'file name too long',
};

/** Texts in Go's way, with the path. */
function statusOf(error: unknown): { code: number; text: string } {
  const { code = '', syscall = '', path = '', message } = error as NodeJS.ErrnoException;
  const text = texts[code] ? `${syscall} ${path}: ${texts[code]}`.trim() : message;
  if (code === 'ENOENT') return { code: status.noSuchFile, text };
  if (code === 'EACCES' || code === 'EPERM') return { code: status.permissionDenied, text };
  return { code: status.failure, text };
}
