import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { localError } from '../file-systems/local-errors.ts';
import { systemPath } from '../file-systems/system-path.ts';
import { type SmallAnswers, type SmallBatch, type SmallRead, type SmallWrite, smallFilesThread } from './small-files-thread.ts';

/** A slow disk keeps one thread waiting while the other goes on. */
const mostThreads = 2;
const mostFilesInBatch = 64;
const mostBytesInBatch = 4 * 1024 * 1024;
/** A disk that hangs does not hold up the end of a transfer. */
const patience = 2000;

interface Job {
  path: string;
  bytes: number;
  read?: SmallRead;
  write?: SmallWrite;
  resolve(content: Buffer): void;
  reject(error: AppError): void;
}

interface Thread {
  worker: Worker;
  /** What it is at, in the order of the answers. */
  jobs: Job[];
}

/** Whole small files of this computer, read and written in batches on threads of their own, which live until `close`. */
export class SmallFiles {
  readonly #headroom: number;
  readonly #threads: Thread[] = [];
  #waiting: Job[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #isClosed = false;

  /** `headroom`: bytes that are free before the content of what is read. */
  constructor(headroom: number) {
    this.#headroom = headroom;
  }

  /** The content, `headroom` bytes into memory of its own: one byte longer than `size` when the file is longer than it was told. */
  read(path: string, size: number): Promise<Buffer> {
    return this.#add(path, size, { read: { path: systemPath(path), size } });
  }

  /** Makes the file whole or not at all: by a part file, with its mode and time, under its name. `bytes` is given away. */
  async write(path: string, { part, ...rest }: Omit<SmallWrite, 'path' | 'part'> & { part: string }): Promise<void> {
    await this.#add(path, rest.bytes.length, { write: { ...rest, path: systemPath(path), part: systemPath(part) } });
  }

  /** Ends the threads after what they are at, so that nothing half done stays; the rest rejects with `closed`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearImmediate(this.#flushing);
    this.#fail(this.#waiting.splice(0));
    await Promise.all(
      this.#threads.splice(0).map(async ({ worker, jobs }) => {
        const last = jobs.length > 0 ? once(worker, 'message', { signal: AbortSignal.timeout(patience) }) : null;
        await last?.catch(() => {});
        await worker.terminate();
        this.#fail(jobs);
      }),
    );
  }

  #add(path: string, bytes: number, job: Pick<Job, 'read' | 'write'>): Promise<Buffer> {
    if (this.#isClosed) return Promise.reject(ended());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ path, bytes, ...job, resolve, reject });
      this.#flushing ??= setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    this.#flushing = undefined;
    while (this.#waiting.length > 0) {
      const thread = this.#threads.find(({ jobs }) => jobs.length === 0) ?? (this.#threads.length < mostThreads ? this.#start() : null);
      if (!thread) return;
      let bytes = 0;
      let count = 0;
      for (const job of this.#waiting) {
        if (count === mostFilesInBatch || bytes >= mostBytesInBatch) break;
        bytes += job.bytes;
        count++;
      }
      const jobs = this.#waiting.splice(0, count);
      const reads = jobs.filter(({ read }) => read);
      const writes = jobs.filter(({ write }) => write);
      thread.jobs = [...reads, ...writes];
      const batch: SmallBatch = {
        headroom: this.#headroom,
        reads: reads.flatMap(({ read }) => read ?? []),
        writes: writes.flatMap(({ write }) => write ?? []),
      };
      thread.worker.postMessage(
        batch,
        batch.writes.map((one) => one.bytes.buffer as ArrayBuffer),
      );
    }
  }

  #start(): Thread {
    const worker = new Worker(`(${smallFilesThread})(require)`, { eval: true, execArgv: [], name: 'small files' });
    const thread: Thread = { worker, jobs: [] };
    worker.on('message', ({ memory, answers }: SmallAnswers) => {
      const jobs = thread.jobs;
      thread.jobs = [];
      for (const [index, { path, resolve, reject }] of jobs.entries()) {
        const answer = answers[index]!;
        if ('error' in answer) reject(localError({ code: answer.error }, path));
        else resolve(Buffer.from(memory, answer.at, answer.length));
      }
      this.#flush();
    });
    worker.on('error', (cause) => {
      this.#threads.splice(this.#threads.indexOf(thread), 1);
      this.#fail(thread.jobs, cause);
    });
    worker.unref();
    this.#threads.push(thread);
    return thread;
  }

  #fail(jobs: readonly Job[], cause?: unknown): void {
    for (const { reject } of jobs) reject(ended(cause));
  }
}

const ended = (cause?: unknown) => new AppError('closed', 'The transfer was ended while files of this computer were read or written.', { cause });
