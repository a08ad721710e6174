import { spawn } from 'node:child_process';
import type { OpenSsh } from './open-ssh.ts';
import type { BenchSetup } from './setup.ts';

/** A login shell on a server, driven by a program: keys in, output out. */
export interface DrivenShell {
  write(text: string): void;
  /** One listener at a time; without one the output is thrown away. */
  onData: ((bytes: Uint8Array) => void) | null;
  /** Holds output back; what is under way still comes. */
  pause(on: boolean): void;
  close(): void;
}

const creditWindow = 256 * 1024;

/** Through the session contract, with the credits that a page gives. */
export function openOurs(bench: BenchSetup, hostname: string): Promise<DrivenShell> {
  return ready((failed) => {
    let owed: number | null = null;
    const handle = bench.sessions.open(
      'terminal',
      { kind: 'ssh', target: bench.target(hostname), origin: 'resource_table', size: { cols: 140, rows: 44 } },
      {
        data(bytes) {
          shell.onData?.(bytes);
          if (owed === null) handle.grant(bytes.length);
          else owed += bytes.length;
        },
        message() {},
        end: (error) => failed(error ?? new Error('the shell ended')),
      },
    );
    const encoder = new TextEncoder();
    const shell: DrivenShell = {
      onData: null,
      write: (text) => handle.write(encoder.encode(text)),
      pause: (on) => {
        if (!on) handle.grant(owed ?? 0);
        owed = on ? (owed ?? 0) : null;
      },
      close: () => handle.close(),
    };
    handle.grant(creditWindow);
    return shell;
  });
}

/** OpenSSH's `ssh -tt`. */
export function openPeer(openSsh: OpenSsh): Promise<DrivenShell> {
  return ready((failed) => {
    const child = spawn('ssh', openSsh.ssh('-tt'), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, TERM: 'xterm-256color' } });
    let errors = '';
    child.stderr.on('data', (text) => (errors += text));
    child.once('exit', (code) => failed(new Error(`ssh ended with ${code}: ${errors}`)));
    child.stdout.on('data', (bytes: Buffer) => shell.onData?.(bytes));
    const shell: DrivenShell = {
      onData: null,
      write: (text) => void child.stdin.write(text),
      pause: (on) => void (on ? child.stdout.pause() : child.stdout.resume()),
      close: () => void child.kill(),
    };
    return shell;
  });
}

/** A shell without prompt and echo. */
async function ready(open: (failed: (error: Error) => void) => DrivenShell): Promise<DrivenShell> {
  let reject: (error: Error) => void = () => {};
  const failure = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  failure.catch(() => {}); // it also ends when it is closed
  const shell = open(reject);
  await Promise.race([failure, run(shell, "bind 'set enable-bracketed-paste off' 2>/dev/null; stty -echo; PS1=; HISTFILE=")]);
  return shell;
}

let markers = 0;

/** Types a command line and waits for its end. Resolves to the bytes of output, and the milliseconds since Enter. */
export function run(shell: DrivenShell, command: string): Promise<{ bytes: number; milliseconds: number }> {
  const marker = `done-${++markers}-`;
  return new Promise((resolve) => {
    let tail = '';
    let bytes = 0;
    const started = performance.now();
    shell.onData = (piece) => {
      bytes += piece.length;
      tail = (tail + Buffer.from(piece.buffer, piece.byteOffset, piece.length).subarray(-64).toString('latin1')).slice(-64);
      if (!tail.includes(`${marker}end`)) return;
      shell.onData = null;
      resolve({ bytes, milliseconds: performance.now() - started });
    };
    shell.write(`${command}; echo ${marker}"end"\n`);
  });
}

/** Milliseconds from a key to what the server's terminal answers. */
export function echo(shell: DrivenShell, key: string): Promise<number> {
  return new Promise((resolve) => {
    const started = performance.now();
    shell.onData = () => {
      shell.onData = null;
      resolve(performance.now() - started);
    };
    shell.write(key);
  });
}
