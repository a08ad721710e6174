import { readSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { IPty } from '@lydell/node-pty';
import type { TerminalProgram } from '../terminal-program.ts';
import type { LoginShell } from './login-shell.ts';

export interface PtyOptions {
  shell: LoginShell;
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** What TERM is to say. */
  term: string;
  cols: number;
  rows: number;
}

const highWater = 128 * 1024;
const lowWater = 32 * 1024;
const folderMs = 400;
const killMs = 3000;

/** A local shell on a pseudo-terminal. The native part is loaded with the first one. */
export async function startPty(options: PtyOptions): Promise<PtyProgram> {
  const { spawn } = await import('@lydell/node-pty');
  const { shell, cwd, term, cols, rows } = options;
  const isWindows = process.platform === 'win32';
  const pty = spawn(shell.file, [...shell.args], {
    name: term,
    cols,
    rows,
    cwd,
    env: { ...options.env },
    // Bytes as they are; Windows has text only.
    encoding: isWindows ? 'utf8' : null,
  });
  return new PtyProgram(pty);
}

export class PtyProgram implements TerminalProgram {
  readonly #pty: IPty;
  #isOver = false;
  #unconsumed = 0;
  #isPaused = false;
  #pausedCheck: NodeJS.Timeout | undefined;
  #folderTimer: NodeJS.Timeout | undefined;
  #folder = '';
  #folderListener: ((folder: string) => void) | null = null;
  #exitListener: ((code: number | null, signal: string | null) => void) | null = null;

  constructor(pty: IPty) {
    this.#pty = pty;
    pty.onExit(({ exitCode, signal }) => {
      this.#isOver = true;
      clearTimeout(this.#folderTimer);
      clearInterval(this.#pausedCheck);
      const name = signal ? (Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`) : null;
      this.#exitListener?.(name ? null : exitCode, name);
    });
  }

  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.#exitListener = listener;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    const receive = (bytes: Uint8Array) => {
      this.#unconsumed += bytes.length;
      if (this.#unconsumed > highWater && !this.#isPaused && !this.#isOver) this.#pause();
      listener(bytes);
      if (this.#folderListener) this.#lookAtFolder();
    };
    this.#pty.onData((data: string | Uint8Array) => receive(typeof data === 'string' ? Buffer.from(data) : data));
    readRestAtEnd(this.#pty, receive);
  }

  /** Tells the shell's working folder after it changed, where /proc has it. */
  onFolder(listener: (folder: string) => void): void {
    if (process.platform !== 'linux') return;
    this.#folderListener = listener;
    this.#lookAtFolder();
  }

  consumed(bytes: number): void {
    this.#unconsumed -= bytes;
    if (this.#isPaused && this.#unconsumed < lowWater) this.#resume();
  }

  write(bytes: Uint8Array): void {
    // Takes buffers too, which its types do not say.
    if (!this.#isOver) this.#pty.write((process.platform === 'win32' ? Buffer.from(bytes).toString() : Buffer.from(bytes)) as string);
  }

  resize(cols: number, rows: number): void {
    if (!this.#isOver) this.#pty.resize(cols, rows);
  }

  close(): void {
    if (this.#isOver) return;
    this.#resume();
    this.#kill();
    setTimeout(() => {
      if (!this.#isOver) this.#kill('SIGKILL');
    }, killMs).unref();
  }

  #kill(signal?: string): void {
    try {
      this.#pty.kill(signal);
    } catch {
      // It ended in between.
    }
  }

  /** While paused, node-pty drops what is unread 200 ms after the program's end: watch for that end and take the rest. */
  #pause(): void {
    this.#isPaused = true;
    this.#pty.pause();
    if (process.platform === 'win32') return;
    this.#pausedCheck = setInterval(() => {
      if (!isAlive(this.#pty.pid)) this.#resume();
    }, 50);
  }

  #resume(): void {
    clearInterval(this.#pausedCheck);
    this.#isPaused = false;
    this.#pty.resume();
  }

  #lookAtFolder(): void {
    if (this.#isOver) return;
    this.#folderTimer ??= setTimeout(async () => {
      const folder = await readlink(`/proc/${this.#pty.pid}/cwd`).catch(() => '');
      this.#folderTimer = undefined;
      if (this.#isOver || folder === '' || folder === this.#folder) return;
      this.#folder = folder;
      this.#folderListener?.(folder);
    }, folderMs);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads what the program wrote just before its end. libuv takes the hang-up of a pseudo-terminal for its end when the last
 * read was a short one, although up to 12 KB are still there (seen with Node 20 and 22 on Linux); and node-pty destroys the
 * socket 200 ms after the program's end, which on a busy computer can be before anything was read.
 */
function readRestAtEnd(pty: IPty, receive: (bytes: Uint8Array) => void): void {
  const { _socket: socket, fd } = pty as IPty & { _socket?: Readable; fd?: number };
  if (process.platform === 'win32' || !socket || fd === undefined) return;
  let isOver = false;
  const readRest = () => {
    if (isOver) return;
    isOver = true;
    try {
      for (let left = 1024 * 1024; left > 0; ) {
        const piece = Buffer.alloc(64 * 1024);
        const count = readSync(fd, piece);
        if (count === 0) return;
        left -= count;
        receive(piece.subarray(0, count));
      }
    } catch {
      // EIO at the end, EAGAIN when a program in the background still has the terminal.
    }
  };
  socket.prependOnceListener('end', readRest);
  const destroy = socket.destroy.bind(socket);
  socket.destroy = (error) => {
    readRest();
    return destroy(error);
  };
}
