import { AppError } from '../../../shared/errors/app-error.ts';
import { within } from '../../lib/deadline.ts';
import type { SessionChannel } from '../channels/session-channel.ts';
import { u32, WireReader } from '../wire-bytes.ts';
import { statusError } from './sftp-errors.ts';
import { SftpLink, type SftpReply } from './sftp-link.ts';
import { decodeName } from './sftp-names.ts';
import {
  attributesBytes,
  packet,
  packetType,
  readAttributes,
  readNames,
  type SftpAttributes,
  type SftpName,
  status,
  stringBytes,
  u64,
} from './sftp-packets.ts';
import type { DataTarget } from './sftp-reader.ts';

/** The ways in which servers differ, where the protocol's draft leaves room or servers deviate from it (ssh-and-gateways §3.2). */
export type SftpDialect = 'teleport' | 'openssh' | 'other';

export type SftpHandle = Buffer;

export interface SftpOptions {
  /** The server's software, as in its identification line after `SSH-2.0-`. */
  ident: string;
  /** Milliseconds for the first answer, and longest silence while answers are due. */
  timeoutMs: number;
  silenceMs?: number;
  /** The round trip in milliseconds, where it is already known. */
  roundTrip?: number | undefined;
  now?: () => number;
}

/** Room that `write` needs before the data. */
export const writeHeadroom = 512;

/** PATH_MAX of Linux; Windows servers answer with less. */
const longestPath = 4096;

/** The path becomes the base of all later ones, so only a plain absolute path is accepted. */
const absolutePath = (path: string): string => possiblePath(path, path.startsWith('/'));

function possiblePath(path: string, isWanted = true): string {
  if (isWanted && path.length <= longestPath && !path.includes('\0')) return path;
  throw new AppError(
    'bad-response',
    `The server answered with a path that is none (it ${isWanted ? '' : 'is not absolute, '}has a zero byte, or is longer than 4 KB), so it was not used.`,
  );
}

/** An SFTP version 3 client on a channel of its own. Requests may be made in parallel; all of them fail when the channel ends. */
export class SftpClient {
  readonly dialect: SftpDialect;
  readonly extensions: ReadonlyMap<string, string>;
  /** Milliseconds for one small request and its answer, as measured when the client was opened. */
  roundTrip = 0;
  readonly #channel: SessionChannel;
  readonly #link: SftpLink;
  #nextId = 1;

  private constructor(channel: SessionChannel, link: SftpLink, dialect: SftpDialect, extensions: ReadonlyMap<string, string>) {
    this.#channel = channel;
    this.#link = link;
    this.dialect = dialect;
    this.extensions = extensions;
  }

  /** Rejects with `access-denied`, `login-refused`, `unsupported`, `timeout` or `closed`, after closing the channel. */
  static async open(channel: SessionChannel, { ident, timeoutMs, silenceMs = 120_000, roundTrip, now = Date.now }: SftpOptions): Promise<SftpClient> {
    const link = new SftpLink(channel, silenceMs, now);
    const start = async () => {
      const extensions = await link.version;
      const isTeleport = ident.startsWith('Teleport') && !extensions.has('fsync@openssh.com');
      const isOpenSsh = ident.startsWith('OpenSSH') || extensions.has('limits@openssh.com');
      const client = new SftpClient(channel, link, isTeleport ? 'teleport' : isOpenSsh ? 'openssh' : 'other', extensions);
      client.roundTrip = roundTrip ?? (await client.#measure());
      return client;
    };
    try {
      return await within(start(), timeoutMs, () => new AppError('timeout', 'The server did not start file transfer in time.'));
    } catch (error) {
      channel.close();
      throw error;
    }
  }

  /** Measures one round trip. The content of the answer does not matter; a refusal serves as well. */
  async #measure(): Promise<number> {
    const started = performance.now();
    await this.realpath('.').catch((error: unknown) => (this.isOpen ? null : Promise.reject(error)));
    return performance.now() - started;
  }

  get isOpen(): boolean {
    return this.#link.ended === null;
  }

  /** Calls back once, with the reason, when the channel is over; at once when it is over already. */
  onClose(listener: (error: AppError) => void): void {
    this.#link.onClose(listener);
  }

  close(): void {
    this.#channel.close();
  }

  async open(path: string, flags: number, mode?: number): Promise<SftpHandle> {
    return this.#handle(packetType.open, [path, u32(flags), attributesBytes(mode === undefined ? {} : { mode })]);
  }

  async closeHandle(handle: SftpHandle): Promise<void> {
    await this.#done(packetType.close, [stringBytes(handle)]);
  }

  /** Reads at most `target.length` bytes into the target. 0 at the end of the file. */
  async read(handle: SftpHandle, offset: number, target: DataTarget): Promise<number> {
    const reply = await this.#ask(packetType.read, [stringBytes(handle), u64(offset), u32(target.length)], target);
    if (reply.type === packetType.data) return reply.length;
    const { code, text } = this.#status(reply);
    if (code === status.eof) return 0;
    throw statusError(code, text);
  }

  /**
   * Sends the `length` bytes of `buffer` from `at` on; overwrites the `writeHeadroom` bytes before them. The buffer is free after
   * the answer.
   */
  async write(handle: SftpHandle, offset: number, buffer: Buffer, at: number, length: number): Promise<void> {
    const head = 25 + handle.length;
    const start = at - head;
    const id = this.#nextId++;
    buffer.writeUInt32BE(head - 4 + length, start);
    buffer[start + 4] = packetType.write;
    buffer.writeUInt32BE(id, start + 5);
    buffer.writeUInt32BE(handle.length, start + 9);
    buffer.set(handle, start + 13);
    buffer.writeBigUInt64BE(BigInt(offset), start + 13 + handle.length);
    buffer.writeUInt32BE(length, at - 4);
    this.#expectOk(await this.#link.ask(id, buffer.subarray(start, at + length), null));
  }

  /** Follows links. */
  stat(path: string): Promise<SftpAttributes> {
    return this.#attributes(packetType.stat, [path]);
  }

  /** Does not follow links, except on Teleport nodes, which follow them here too. */
  lstat(path: string): Promise<SftpAttributes> {
    return this.#attributes(packetType.lstat, [path]);
  }

  fstat(handle: SftpHandle): Promise<SftpAttributes> {
    return this.#attributes(packetType.fstat, [stringBytes(handle)]);
  }

  async setstat(path: string, attributes: SftpAttributes): Promise<void> {
    await this.#done(packetType.setstat, [path, attributesBytes(attributes)]);
  }

  async fsetstat(handle: SftpHandle, attributes: SftpAttributes): Promise<void> {
    await this.#done(packetType.fsetstat, [stringBytes(handle), attributesBytes(attributes)]);
  }

  opendir(path: string): Promise<SftpHandle> {
    return this.#handle(packetType.opendir, [path]);
  }

  /** The next entries of an open folder; null after the last. */
  async readdir(handle: SftpHandle): Promise<SftpName[] | null> {
    const reply = await this.#ask(packetType.readdir, [stringBytes(handle)]);
    if (reply.type === packetType.name) return this.#names(reply);
    const { code, text } = this.#status(reply);
    if (code === status.eof) return null;
    throw statusError(code, text);
  }

  async remove(path: string): Promise<void> {
    await this.#done(packetType.remove, [path]);
  }

  async mkdir(path: string, mode?: number): Promise<void> {
    await this.#done(packetType.mkdir, [path, attributesBytes(mode === undefined ? {} : { mode })]);
  }

  /** On Teleport nodes this removes whole trees. */
  async rmdir(path: string): Promise<void> {
    await this.#done(packetType.rmdir, [path]);
  }

  /** Fails when `to` exists, on servers that keep to the draft. */
  async rename(from: string, to: string): Promise<void> {
    await this.#done(packetType.rename, [from, to]);
  }

  /** Whether the server offers `replaceByRename`. */
  get canReplace(): boolean {
    return this.extensions.has('posix-rename@openssh.com');
  }

  /** Renames over an existing `to`, in one step. */
  async replaceByRename(from: string, to: string): Promise<void> {
    await this.#extended('posix-rename@openssh.com', [from, to]);
  }

  get canSync(): boolean {
    return this.extensions.has('fsync@openssh.com');
  }

  async sync(handle: SftpHandle): Promise<void> {
    await this.#extended('fsync@openssh.com', [stringBytes(handle)]);
  }

  /** False on Teleport nodes, which make every link target absolute, from the home folder. */
  get keepsRelativeLinks(): boolean {
    return this.dialect !== 'teleport';
  }

  /** Rejects with `bad-response` for a target that is no path. */
  async readlink(path: string): Promise<string> {
    return possiblePath(await this.#name(packetType.readlink, [path]));
  }

  /** Rejects with `bad-response` for an answer that is no absolute path. */
  async realpath(path: string): Promise<string> {
    return absolutePath(await this.#name(packetType.realpath, [path]));
  }

  /** The absolute form of a path that may begin with `~/` or `~user/`; `unsupported` where the server does not offer this. */
  async expand(path: string): Promise<string> {
    if (!this.extensions.has('expand-path@openssh.com')) throw new AppError('unsupported', 'The server cannot say where home folders are.');
    return absolutePath(await this.#name(packetType.extended, ['expand-path@openssh.com', path]));
  }

  /**
   * Makes a link at `path` with the text `target`. On the wire Teleport wants the two in the draft's order, everyone else in
   * OpenSSH's.
   */
  async symlink(path: string, target: string): Promise<void> {
    await this.#done(packetType.symlink, this.dialect === 'teleport' ? [path, target] : [target, path]);
  }

  async #extended(name: string, parts: readonly (string | Uint8Array)[]): Promise<void> {
    await this.#done(packetType.extended, [name, ...parts]);
  }

  async #done(type: number, parts: readonly (string | Uint8Array)[]): Promise<void> {
    this.#expectOk(await this.#ask(type, parts));
  }

  async #handle(type: number, parts: readonly (string | Uint8Array)[]): Promise<SftpHandle> {
    const reply = await this.#ask(type, parts);
    if (reply.type !== packetType.handle) throw this.#refusal(reply);
    const handle = this.#parse(reply, (reader) => reader.string('handle'));
    if (handle.length > 256) throw this.#link.fail(new Error('a handle that is too long'));
    return handle;
  }

  async #attributes(type: number, parts: readonly (string | Uint8Array)[]): Promise<SftpAttributes> {
    const reply = await this.#ask(type, parts);
    if (reply.type !== packetType.attrs) throw this.#refusal(reply);
    return this.#parse(reply, readAttributes);
  }

  async #name(type: number, parts: readonly (string | Uint8Array)[]): Promise<string> {
    const reply = await this.#ask(type, parts);
    if (reply.type !== packetType.name) throw this.#refusal(reply);
    const [first] = this.#names(reply);
    if (!first) throw this.#link.fail(new Error('no name in the answer'));
    return first.name;
  }

  #names(reply: SftpReply): SftpName[] {
    return this.#parse(reply, readNames);
  }

  #expectOk(reply: SftpReply): void {
    const { code, text } = this.#status(reply);
    if (code !== status.ok) throw statusError(code, text);
  }

  #refusal(reply: SftpReply): AppError {
    const { code, text } = this.#status(reply);
    return code === status.ok ? this.#link.fail(new Error('OK in the place of an answer')) : statusError(code, text);
  }

  #status(reply: SftpReply): { code: number; text: string } {
    if (reply.type !== packetType.status) throw this.#link.fail(new Error(`an answer of type ${reply.type}`));
    return this.#parse(reply, (reader) => ({ code: reader.u32('status'), text: reader.left > 0 ? decodeName(reader.string('text')) : '' }));
  }

  #parse<T>(reply: SftpReply, read: (reader: WireReader) => T): T {
    try {
      return read(new WireReader(reply.body));
    } catch (cause) {
      throw this.#link.fail(cause);
    }
  }

  #ask(type: number, parts: readonly (string | Uint8Array)[], target: DataTarget | null = null): Promise<SftpReply> {
    const id = this.#nextId++;
    return this.#link.ask(id, packet(type, id, parts), target);
  }
}
