import { type SftpClient, type SftpHandle, sftpStatus } from '../../../../ssh/sftp/sftp.ts';
import { readFully } from '../../file-systems/read-fully.ts';
import { readLength } from '../../file-systems/remote-file-system.ts';
import { runWorkers } from '../run-workers.ts';
import { changedWhileMoved, type FileMoveContext, type FileTask, grewWhileMoved, mostBeyondReportedSize } from './file-task.ts';
import type { LocalFile } from './local-file.ts';
import type { PartProgress } from './part-progress.ts';
import { ReadWindow } from './read-window.ts';

/** A block of 256 KB is one write to the disk; smaller ones cost more calls than the disk needs. */
const blockReads = 8;
const blockLength = blockReads * readLength;

interface FetchOptions {
  task: FileTask;
  context: FileMoveContext;
  /** The source, open for reading. Whoever opened it closes it. */
  handle: SftpHandle;
  /** What the bytes are written to. */
  file: LocalFile;
  progress: PartProgress;
}

/** Size and time of the open source; null where the server does not say. */
interface SourceFacts {
  size: number | null;
  modified: number | null;
}

/** Fetches what a part file lacks of its source, in blocks: as many are asked for at the same time as the connection carries. */
export class FileFetcher {
  readonly #task: FileTask;
  readonly #context: FileMoveContext;
  readonly #sftp: SftpClient;
  readonly #handle: SftpHandle;
  readonly #file: LocalFile;
  readonly #progress: PartProgress;
  readonly #window: ReadWindow;
  readonly #buffers: Buffer[] = [];
  /** Where the next block starts. */
  #next: number;
  /** Where the source ended before its reported size. */
  #end = Number.POSITIVE_INFINITY;

  constructor({ task, context, handle, file, progress }: FetchOptions) {
    this.#task = task;
    this.#context = context;
    this.#sftp = context.lease.fileSystem.sftp;
    this.#handle = handle;
    this.#file = file;
    this.#progress = progress;
    this.#window = new ReadWindow(this.#sftp.roundTrip, blockLength);
    this.#next = progress.end;
  }

  /** Resolves when everything is written. Rejects with `conflict` when the source changed while it was read. */
  async fetch(): Promise<void> {
    const { size } = this.#task;
    const { signal } = this.#context;
    const workers = Math.min(this.#window.most, Math.ceil((size - this.#progress.end) / blockLength));
    const before = this.#sourceFacts();
    // It is awaited at the end; a lost connection fails the reads first.
    before.catch(() => {});
    await runWorkers(workers, signal, (worker) => this.#fetchBlock(worker));
    await runWorkers(1, signal, async () => {
      await this.#checkEnd(before);
      return false;
    });
  }

  async #fetchBlock(worker: number): Promise<boolean> {
    const { size } = this.#task;
    await this.#window.enter();
    if (this.#next >= size) {
      this.#window.leave(0);
      return false;
    }
    this.#buffers[worker] ??= Buffer.allocUnsafe(blockLength);
    const buffer = this.#buffers[worker];
    const offset = this.#next;
    const length = Math.min(blockLength, size - offset);
    this.#next += length;
    const read = await this.#readBlock(offset, buffer, length);
    if (read < length) {
      this.#end = Math.min(this.#end, offset + read);
      this.#next = size;
    }
    if (this.#context.signal.aborted) return false;
    await this.#file.write(buffer, read, offset);
    this.#window.leave(read);
    this.#progress.add(offset, read);
    this.#context.onBytes(read);
    return true;
  }

  /** Bytes that were read without a gap: fewer than `length` when the source ends before. */
  async #readBlock(offset: number, buffer: Buffer, length: number): Promise<number> {
    const reads: Promise<number>[] = [];
    for (let at = 0; at < length; at += readLength)
      reads.push(readFully(this.#sftp, this.#handle, offset + at, { buffer, at, length: Math.min(readLength, length - at) }));
    let total = 0;
    for (const count of await Promise.all(reads)) {
      total += count;
      if (count < readLength) break;
    }
    return total;
  }

  /** Compares the end of the source with its reported size, and its facts with those from before the reading. */
  async #checkEnd(before: Promise<SourceFacts>): Promise<void> {
    const task = this.#task;
    const onePastEnd = { buffer: Buffer.allocUnsafe(1), at: 0, length: 1 };
    const [more, was, now] = await Promise.all([this.#sftp.read(this.#handle, task.size, onePastEnd), before, this.#sourceFacts()]);
    const isChanged = was.modified !== now.modified || was.size !== now.size;
    // Where the server says nothing about an open file, a second attempt that finds the same is taken as proof.
    const isUnchanged = was.size === null ? task.isSecondTry || task.size === 0 : !isChanged && was.size === task.size;
    if (this.#end < task.size && isUnchanged) await this.#file.truncate(this.#end);
    else if (this.#end < task.size) throw changedWhileMoved(task.name);
    else if (more > 0 && isUnchanged) await this.#fetchBeyondReportedSize();
    else if (more > 0) grewWhileMoved(task, this.#context.onNote);
    else if (was.modified !== now.modified) throw changedWhileMoved(task.name);
  }

  /** Of the open handle, and only compared with itself: in a list some servers report another time for the same file. */
  async #sourceFacts(): Promise<SourceFacts> {
    try {
      const { size, mtime } = await this.#sftp.fstat(this.#handle);
      return { size: size ?? null, modified: mtime ?? null };
    } catch (error) {
      if (sftpStatus(error) === null) throw error;
      return { size: null, modified: null };
    }
  }

  async #fetchBeyondReportedSize(): Promise<void> {
    const { size, name } = this.#task;
    const buffer = Buffer.allocUnsafe(readLength);
    let offset = size;
    await runWorkers(1, this.#context.signal, async () => {
      const count = await this.#sftp.read(this.#handle, offset, { buffer, at: 0, length: readLength });
      if (count === 0) return false;
      if (offset + count > size + mostBeyondReportedSize) throw changedWhileMoved(name);
      await this.#file.write(buffer, count, offset);
      offset += count;
      this.#context.onBytes(count);
      return true;
    });
  }
}
