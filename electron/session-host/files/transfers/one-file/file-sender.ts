import { openFlag, type SftpClient, type SftpHandle, sftpStatus, writeHeadroom } from '../../../../ssh/sftp/sftp.ts';
import { runWorkers } from '../run-workers.ts';
import { changedWhileMoved, type FileMoveContext, type FileTask, grewWhileMoved, mostBeyondReportedSize } from './file-task.ts';
import type { LocalFile } from './local-file.ts';
import type { PartProgress } from './part-progress.ts';
import { setModeAndTimes, type UploadTarget } from './upload-target.ts';

/** OpenSSH and Teleport's nodes take messages of up to 256 KB. Half of that is about four SSH packets of 32 KB for one answer. */
const longWrite = 130_000;
/** What every server takes: the protocol's draft asks for packets of at least 34,000 bytes. */
const shortWrite = 32_768;
/**
 * Pieces that are under way in one channel. Near: about the 2 MB window that servers grant, so that nothing queues up in front of a terminal's keys.
 * Far: half as much again, so that the window is never empty while answers travel.
 */
const writesUnderWay = { near: 16, far: 24 };
/** Milliseconds of a round trip. A window of 2 MB a round trip is 200 MB/s at this distance, and less beyond: then one channel does not fill the line. */
const farMilliseconds = 10;
/** At 50 ms, one window of 2 MB carries 40 MB/s and four carry 160. Each further channel is one more process on the server. */
const farChannels = 4;
/** A smaller rest is over about as soon as the other channels are open: that takes some round trips, and a process on the server for each. */
const worthChannels = 16 * 1024 * 1024;

/** Bytes of one WRITE. */
export const pieceLengthOf = (sftp: SftpClient): number => (sftp.dialect === 'other' ? shortWrite : longWrite);

interface SendOptions {
  task: FileTask;
  context: FileMoveContext;
  target: UploadTarget;
  /** The source, open for reading. */
  file: LocalFile;
  progress: PartProgress;
}

/** The target file, open in one of several channels to the same server. */
interface OpenTarget {
  sftp: SftpClient;
  handle: SftpHandle;
}

/** Sends what a target lacks of its source in pieces, many at the same time, then sets mode and times, flushes where the server can, and closes it. */
export class FileSender {
  readonly #task: FileTask;
  readonly #context: FileMoveContext;
  readonly #target: UploadTarget;
  readonly #file: LocalFile;
  readonly #progress: PartProgress;
  readonly #pieceLength: number;
  readonly #buffers: Buffer[] = [];
  /** Where the next piece starts. */
  #next: number;
  /** Where the source ended before its reported size. */
  #end = Number.POSITIVE_INFINITY;

  constructor({ task, context, target, file, progress }: SendOptions) {
    this.#task = task;
    this.#context = context;
    this.#target = target;
    this.#file = file;
    this.#progress = progress;
    this.#pieceLength = pieceLengthOf(context.lease.fileSystem.sftp);
    this.#next = progress.end;
  }

  /** Resolves when the target is whole and closed. Rejects with `conflict` when the source changed while it was read. */
  async send(): Promise<void> {
    const before = await this.#file.facts();
    await this.#sendPieces();
    const size = await this.#checkEnd(before);
    await this.#finish(size);
  }

  async #sendPieces(): Promise<void> {
    const { sftp } = this.#context.lease.fileSystem;
    const isFar = sftp.roundTrip > farMilliseconds && this.#task.size - this.#progress.end > worthChannels;
    const more = Array.from({ length: isFar ? farChannels - 1 : 0 }, () => this.#openInAnotherChannel());
    const opened: Promise<OpenTarget | null>[] = [
      Promise.resolve({ sftp, handle: this.#target.handle }),
      // A server that allows fewer channels is sent the file through these.
      ...more.map((opening) => opening.catch(() => null)),
    ];
    const workers = (isFar ? writesUnderWay.far : writesUnderWay.near) * opened.length;
    try {
      await runWorkers(workers, this.#context.signal, async (worker) => {
        const to = await opened[worker % opened.length];
        return to ? this.#sendPiece(worker, to) : false;
      });
    } finally {
      for (const opening of more)
        opening.then(
          (extra) => extra.sftp.close(),
          () => {},
        );
    }
  }

  async #openInAnotherChannel(): Promise<OpenTarget> {
    const sftp = await this.#context.lease.another();
    return { sftp, handle: await sftp.open(this.#target.path, openFlag.write) };
  }

  async #sendPiece(worker: number, to: OpenTarget): Promise<boolean> {
    const { size } = this.#task;
    if (this.#next >= size) return false;
    this.#buffers[worker] ??= Buffer.allocUnsafe(writeHeadroom + this.#pieceLength);
    const buffer = this.#buffers[worker];
    const offset = this.#next;
    const length = Math.min(this.#pieceLength, size - offset);
    this.#next += length;
    const read = await this.#file.read(buffer, writeHeadroom, length, offset);
    if (read < length) {
      this.#end = Math.min(this.#end, offset + read);
      this.#next = size;
    }
    if (read > 0) await to.sftp.write(to.handle, offset, buffer, writeHeadroom, read);
    this.#progress.add(offset, read);
    this.#context.onBytes(read);
    return true;
  }

  /** Compares the source with its reported size, and with what it was `before` the reading. Resolves with its true size. */
  async #checkEnd(before: { size: number; modified: number }): Promise<number> {
    const task = this.#task;
    const now = await this.#file.facts();
    const isUnchanged = before.size === task.size && now.size === before.size && now.modified === before.modified;
    const isShort = this.#end < task.size;
    if (!isUnchanged && (isShort || now.size <= task.size)) throw changedWhileMoved(task.name);
    if (!isUnchanged) grewWhileMoved(task, this.#context.onNote);
    if (isShort) return this.#end;
    return isUnchanged ? this.#sendBeyondReportedSize() : task.size;
  }

  /** Resolves with where the source truly ends. */
  async #sendBeyondReportedSize(): Promise<number> {
    const { size, name } = this.#task;
    const { sftp } = this.#context.lease.fileSystem;
    const buffer = Buffer.allocUnsafe(writeHeadroom + shortWrite);
    let offset = size;
    await runWorkers(1, this.#context.signal, async () => {
      const read = await this.#file.read(buffer, writeHeadroom, shortWrite, offset);
      if (read === 0) return false;
      if (offset + read > size + mostBeyondReportedSize) throw changedWhileMoved(name);
      await sftp.write(this.#target.handle, offset, buffer, writeHeadroom, read);
      offset += read;
      this.#context.onBytes(read);
      return true;
    });
    return offset;
  }

  async #finish(size: number): Promise<void> {
    const { sftp } = this.#context.lease.fileSystem;
    const { handle, overwrites } = this.#target;
    // What was there before may be longer: the file that is overwritten, or the part file of an earlier attempt.
    if (overwrites || size < this.#task.size) await sftp.fsetstat(handle, { size });
    await runWorkers(1, this.#context.signal, async () => {
      const flushed = sftp.canSync ? sftp.sync(handle).catch(unlessRefused) : undefined;
      await Promise.all([setModeAndTimes(this.#task, this.#context, handle, overwrites !== null), flushed, sftp.closeHandle(handle)]);
      return false;
    });
  }
}

/** Some servers and file systems cannot flush. The file is written all the same. */
function unlessRefused(error: unknown): void {
  if (sftpStatus(error) === null) throw error;
}
