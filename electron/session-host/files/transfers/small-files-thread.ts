import type fs from 'node:fs';
import type { MessagePort } from 'node:worker_threads';

/** Paths as the system takes them. */
export interface SmallRead {
  path: string | Uint8Array;
  /** As it was told; a byte more shows a file that grew. */
  size: number;
}

export interface SmallWrite {
  part: string | Uint8Array;
  path: string | Uint8Array;
  bytes: Uint8Array;
  mode: number | null;
  modified: number | null;
}

export interface SmallBatch {
  /** Bytes that stay free before the content of each file that is read. */
  headroom: number;
  reads: SmallRead[];
  writes: SmallWrite[];
}

/** In the order of the batch: reads, then writes. An error is the system's code. */
export interface SmallAnswers {
  /** All that was read; each file's place in it by `at` and `length`. */
  memory: ArrayBuffer;
  answers: ({ at: number; length: number } | { error: string })[];
}

/**
 * The program of a thread that reads and writes whole small files, many with one message: a wake-up for each call of the system costs more than the
 * call. It goes to the thread as its own text, so it may name nothing from outside but types.
 */
export function smallFilesThread(load: NodeJS.Require): void {
  const files: typeof fs = load('node:fs');
  const { parentPort }: { parentPort: MessagePort } = load('node:worker_threads');
  const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = files.constants;
  const given = (path: string | Uint8Array) => (typeof path === 'string' ? path : Buffer.from(path));
  const codeOf = (caught: unknown) => (caught instanceof Error && 'code' in caught ? caught.code : undefined);

  const read = ({ path, size }: SmallRead, into: Uint8Array, at: number): number => {
    // What is no file by now must not block the others.
    const file = files.openSync(given(path), O_RDONLY | O_NONBLOCK);
    try {
      if (!files.fstatSync(file).isFile()) throw Object.assign(new Error(), { code: 'EISDIR' });
      let done = 0;
      for (let count = -1; count !== 0 && done <= size; done += count) count = files.readSync(file, into, at + done, size + 1 - done, done);
      return done;
    } finally {
      files.closeSync(file);
    }
  };

  const create = (part: string | Buffer): number => {
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    try {
      return files.openSync(part, flags, 0o600);
    } catch (caught) {
      if (codeOf(caught) !== 'EEXIST') throw caught;
      files.unlinkSync(part);
      return files.openSync(part, flags, 0o600);
    }
  };

  /** What stands at the path is an EEXIST. */
  const put = (part: string | Buffer, path: string | Buffer) => {
    try {
      files.linkSync(part, path);
    } catch (caught) {
      if (codeOf(caught) === 'EEXIST') throw caught;
      // A file system without hard links.
      if (files.lstatSync(path, { throwIfNoEntry: false })) throw Object.assign(new Error(), { code: 'EEXIST' });
      return files.renameSync(part, path);
    }
    files.unlinkSync(part);
  };

  const write = ({ bytes, mode, modified, ...paths }: SmallWrite) => {
    const [part, path] = [given(paths.part), given(paths.path)];
    const file = create(part);
    try {
      try {
        for (let done = 0; done < bytes.length; ) done += files.writeSync(file, bytes, done, bytes.length - done, done);
        if (mode !== null && process.platform !== 'win32') files.fchmodSync(file, mode);
        if (modified !== null) files.futimesSync(file, modified / 1000, modified / 1000);
      } finally {
        files.closeSync(file);
      }
      put(part, path);
    } catch (caught) {
      files.rmSync(part, { force: true });
      throw caught;
    }
  };

  const tried = (action: () => { at: number; length: number }) => {
    try {
      return action();
    } catch (caught) {
      return { error: String(codeOf(caught) ?? caught) };
    }
  };

  parentPort.on('message', ({ headroom, reads, writes }: SmallBatch) => {
    const memory = new ArrayBuffer(reads.reduce((sum, { size }) => sum + headroom + size + 1, 0));
    const bytes = new Uint8Array(memory);
    let next = 0;
    const answers = reads.map((one) => {
      const at = next + headroom;
      next = at + one.size + 1;
      return tried(() => ({ at, length: read(one, bytes, at) }));
    });
    for (const one of writes)
      answers.push(
        tried(() => {
          write(one);
          return { at: 0, length: 0 };
        }),
      );
    parentPort.postMessage({ memory, answers } satisfies SmallAnswers, [memory]);
  });
}
