import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from './machine.ts';

/** A far line to a port of this machine, held by a process of its own. */
export async function delayProxy(port: number, roundTrip: number): Promise<{ port: number; close(): void }> {
  const child = spawn(process.execPath, [join(repository, 'out/test/delay-line.js'), String(port), String(roundTrip)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(line), close: () => child.stdin.end() };
}
