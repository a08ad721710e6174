import { AppError } from '../../../shared/errors/app-error.ts';
import { free } from '../../../shared/lib/memory.ts';
import type { SessionChannel } from '../channels/session-channel.ts';
import { connectionLost } from '../client-errors.ts';
import { WireReader } from '../wire-bytes.ts';
import { brokenSftp, printedText, refusedSftp } from './sftp-errors.ts';
import { packetType } from './sftp-packets.ts';
import { type DataTarget, SftpReader } from './sftp-reader.ts';

export interface SftpReply {
  readonly type: number;
  readonly body: Buffer;
  /** Number of bytes in the target, for data. */
  readonly length: number;
}

interface Pending {
  readonly target: DataTarget | null;
  resolve(reply: SftpReply): void;
  reject(error: AppError): void;
}

const noBytes = Buffer.alloc(0);
/** Enough for the first line of text that start-up files print. */
const mostEarly = 1024;
/** Requests of one turn of the event loop are sent together, up to about one SSH packet. */
const gatherLimit = 32_000;

/** The channel's two directions: packets in, gathered bytes out, and one end that rejects all waiting requests. */
export class SftpLink {
  /** The extensions that the server named with its version. */
  readonly version: Promise<ReadonlyMap<string, string>>;
  ended: AppError | null = null;
  readonly #channel: SessionChannel;
  readonly #pending = new Map<number, Pending>();
  readonly #closeListeners: ((error: AppError) => void)[] = [];
  readonly #watch: NodeJS.Timeout;
  #started: { resolve(extensions: ReadonlyMap<string, string>): void; reject(error: AppError): void } | null = null;
  #errors = '';
  /** The first bytes, until the server's version has come. */
  #early: Buffer = noBytes;
  #heard: number;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #flushing: NodeJS.Immediate | undefined;

  constructor(channel: SessionChannel, silenceMs: number, now: () => number) {
    this.#channel = channel;
    this.#heard = now();
    this.version = new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
    });
    const reader = new SftpReader({
      dataTarget: (id) => this.#pending.get(id)?.target ?? null,
      onData: (id, length) => this.#answer(id, { type: packetType.data, body: noBytes, length }),
      onPacket: (type, id, body) => this.#take(type, id, body),
    });
    channel.onData((bytes, isError) => {
      channel.consumed(bytes.length);
      if (isError) this.#errors = (this.#errors + bytes.toString('utf8')).slice(0, 2000);
      else if (!this.ended) {
        this.#heard = now();
        if (this.#started && this.#early.length < mostEarly) this.#early = Buffer.concat([this.#early, bytes.subarray(0, mostEarly)]);
        try {
          reader.push(bytes);
          free(bytes);
        } catch (cause) {
          this.fail(cause);
        }
      }
    });
    channel.onEnd(({ error }) => this.#end(error ?? (this.#started ? (printedText(this.#early) ?? refusedSftp(this.#errors)) : connectionLost())));
    this.#watch = setInterval(
      () => {
        if (this.#pending.size > 0 && now() - this.#heard > silenceMs)
          this.#end(new AppError('timeout', 'The server stopped answering in the middle of file transfer. It may be overloaded, or its disk hangs.'));
        if (this.#pending.size === 0) this.#heard = now();
      },
      Math.min(5000, silenceMs),
    ).unref();
    channel.write(Buffer.from([0, 0, 0, 5, packetType.init, 0, 0, 0, 3]));
  }

  onClose(listener: (error: AppError) => void): void {
    if (this.ended) listener(this.ended);
    else this.#closeListeners.push(listener);
  }

  /** Sends a request and resolves to its answer; bytes of data are put into the target. Rejects with the reason once the channel is over. */
  ask(id: number, bytes: Buffer, target: DataTarget | null): Promise<SftpReply> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.#pending.set(id, { target, resolve, reject });
      this.#send(bytes);
    });
  }

  /** The server broke the protocol, so the channel is closed and nothing more of it is read. */
  fail(cause: unknown): AppError {
    const error = (this.#started ? printedText(this.#early, cause) : null) ?? brokenSftp(cause);
    this.#end(error);
    return error;
  }

  #end(error: AppError): void {
    if (this.ended) return;
    this.ended = error;
    clearInterval(this.#watch);
    clearImmediate(this.#flushing);
    this.#gathered = [];
    this.#started?.reject(error);
    this.#started = null;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    for (const listener of this.#closeListeners) listener(error);
    this.#channel.close();
  }

  #send(bytes: Buffer): void {
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    if (this.#gatheredBytes >= gatherLimit) this.#flush();
    else this.#flushing ??= setImmediate(() => this.#flush());
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    for (let at = 0; at < gathered.length; ) {
      let to = at;
      let bytes = 0;
      while (to < gathered.length && (to === at || bytes + gathered[to]!.length <= gatherLimit)) bytes += gathered[to++]!.length;
      this.#channel.write(to === at + 1 ? gathered[at]! : Buffer.concat(gathered.slice(at, to), bytes));
      at = to;
    }
  }

  #take(type: number, id: number, body: Buffer): void {
    if (!this.#started) return this.#answer(id, { type, body, length: 0 });
    if (type !== packetType.version) throw new Error(`a packet of type ${type} in the place of the version`);
    if (id !== 3) {
      const error = new AppError('unsupported', `The server speaks version ${id} of SFTP; Slipway needs version 3, which nearly all servers offer.`);
      return this.#end(error);
    }
    const reader = new WireReader(body);
    const extensions = new Map<string, string>();
    while (reader.left > 0) extensions.set(reader.string('extension').toString('latin1'), reader.string('extension data').toString('latin1'));
    const { resolve } = this.#started;
    this.#started = null;
    resolve(extensions);
  }

  #answer(id: number, reply: SftpReply): void {
    const pending = this.#pending.get(id);
    if (!pending) throw new Error('an answer to a question that was not asked');
    this.#pending.delete(id);
    pending.resolve(reply);
  }
}
