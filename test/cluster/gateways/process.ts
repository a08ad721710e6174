import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Runs a program to its end; rejects with what it wrote when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: { uid?: number; gid?: number; cwd?: string; input?: string } = {},
): Promise<string> {
  const { input, ...rest } = options;
  const child = spawn(program, [...args], { ...rest, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, LC_ALL: 'C' } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} failed (${code}): ${output.slice(-2000)}`);
  return output;
}

/** A program that serves until it is stopped. */
export class Daemon {
  readonly #child: ChildProcess;
  #output = '';
  #ended: Promise<unknown>;

  constructor(program: string, args: readonly string[], options: { uid?: number; gid?: number; cwd?: string } = {}) {
    this.#child = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on('data', (data) => (this.#output = (this.#output + data).slice(-4000)));
    this.#ended = once(this.#child, 'close');
    this.#ended.catch(() => {}); // a program that did not start: `listening` tells
  }

  /** Resolves when something listens on the port of 127.0.0.1. */
  async listening(port: number, ms = 20_000): Promise<void> {
    for (const end = Date.now() + ms; ; await delay(50)) {
      if (this.#child.exitCode !== null) throw new Error(`the program ended: ${this.#output}`);
      if (await answers(port)) return;
      if (Date.now() > end) throw new Error(`nothing listens on ${port}: ${this.#output}`);
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await this.#ended.catch(() => {});
    clearTimeout(timer);
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
