import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Telemetry } from '../../electron/telemetry/index.ts';
import { exampleCluster } from '../../electron/telemetry/testing/example-cluster.ts';
import { SettingsInMemory } from '../../electron/telemetry/testing/settings-in-memory.ts';
import { Topic } from '../../shared/ipc/server.ts';
import { type Benchmark, median, quantile, type Row } from './row.ts';

const perRound = 1000;

/** What a usage event costs whoever causes it, and what a full queue costs a start. */
export const usageEvents: Benchmark = {
  name: 'usage events',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-telemetry-'));
    try {
      return [await recordCost(join(folder, 'record')), await startCost(join(folder, 'start'))];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const open = (folder: string, clusters = new Topic([exampleCluster()])) =>
  new Telemetry({
    folder,
    clusters,
    settings: new SettingsInMemory({ consent: 'allowed' }),
    appVersion: '0.1.0',
    note: () => {},
    background: { failed: () => {}, worked: () => {} },
  });

const record = (telemetry: Telemetry) =>
  telemetry.record({ event: 'protocol_use', cluster: exampleCluster().key, protocol: 'ssh', origin: 'search_bar', through: 'proxy_service' });

async function recordCost(folder: string): Promise<Row> {
  const telemetry = open(folder);
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    for (let nth = 0; nth < perRound; nth++) {
      const started = performance.now();
      record(telemetry);
      if (round > 0) times.push((performance.now() - started) * 1000);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  await telemetry.close();
  const [middle, p99] = [median(times), quantile(times, 0.99)];
  return {
    name: 'a usage event on its caller’s path',
    ours: `${middle.toFixed(1)} µs (p99 ${p99.toFixed(0)})`,
    peer: '–',
    ratio: null,
    bar: '< 50 µs',
    pass: middle < 50,
  };
}

/** From asking for the service until the queue is in memory, against the same with nothing queued. */
async function startCost(folder: string): Promise<Row> {
  const full = open(folder);
  for (let nth = 0; nth < perRound; nth++) record(full);
  await full.close();
  const times = { full: [] as number[], empty: [] as number[] };
  for (let round = 0; round < 11; round++) {
    for (const [kind, where] of [
      ['empty', `${folder}-empty-${round}`],
      ['full', folder],
    ] as const) {
      const started = performance.now();
      const telemetry = open(where);
      await telemetry.ready();
      const took = performance.now() - started;
      if (telemetry.topics.telemetry.get().waiting !== (kind === 'full' ? perRound : 0)) throw new Error('the queue is not what the benchmark made');
      if (round > 0) times[kind].push(took);
      await telemetry.close();
    }
  }
  const more = median(times.full) - median(times.empty);
  return {
    name: 'start with 1,000 usage events queued',
    ours: `${median(times.full).toFixed(1)} ms`,
    peer: `${median(times.empty).toFixed(1)} ms (none queued)`,
    ratio: null,
    bar: '< +10 ms',
    pass: more < 10,
  };
}
