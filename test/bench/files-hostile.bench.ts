import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTeleportHost } from '../ssh/teleport-host.ts';
import { filesWorld } from '../support/files-world.ts';
import type { Benchmark } from './row.ts';

const megabyte = 1_000_000;
/** A collection takes long with the heap nearly full: more often it would be all that is measured. */
const sampleMs = 500;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / megabyte;
}

/** A server whose every folder lists 500 folders with names of 250 letters: how soon a download of it ends, and what it takes until then. */
export const hostileTree: Benchmark = {
  name: 'files: hostile tree',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-hostile-'));
    const host = await startTeleportHost();
    const world = filesWorld(host);
    host.fault('wide');
    const told = async () => {
      const id = await world.enqueue({ direction: 'download', sources: ['/tmp'], folder });
      await world.until(id, 'failed', 60_000);
    };
    let sampling: NodeJS.Timeout | undefined;
    try {
      const started = performance.now();
      await told();
      const seconds = (performance.now() - started) / 1000;
      const before = memory();
      let most = before;
      sampling = setInterval(() => {
        most = Math.max(most, memory());
      }, sampleMs);
      await told();
      const grown = most - before;
      const name = 'files: 500 × 500 × … folders with names of 250 letters';
      return [
        { name: `${name}, told as too much`, ours: `${seconds.toFixed(1)} s`, peer: '–', ratio: null, bar: '< 10 s', pass: seconds < 10 },
        { name: `${name}, memory of the host`, ours: `+${grown.toFixed(1)} MB`, peer: '–', ratio: null, bar: '< +64 MB', pass: grown < 64 },
      ];
    } finally {
      clearInterval(sampling);
      await world.close();
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
