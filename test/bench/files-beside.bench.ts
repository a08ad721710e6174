import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { enqueueTransferSchema } from '../../shared/model/files.ts';
import { have } from '../support/have.ts';
import { echo, openOurs } from './driven-shell.ts';
import { memoryFolder } from './file-peers.ts';
import { type Benchmark, needs, pause, quantile, type Row } from './row.ts';
import { type BenchSetup, startBench } from './setup.ts';

const megabyte = 1_000_000;
const large = 1000 * megabyte;
const folders = 50;
const filesPerFolder = 999;

/** What file work leaves to others: keys in a terminal of the same connection, and the session host's own time. */
export const filesBeside: Benchmark = {
  name: 'files: beside',
  async run() {
    needs(have('sshd'), 'sshd');
    const bench = await startBench();
    const folder = memoryFolder('files-beside');
    try {
      const rows: Row[] = [];
      for (const direction of ['upload', 'download'] as const) rows.push(await keysWhileMoving(bench, folder, direction));
      rows.push(await tree(bench, folder));
      return rows;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
    }
  },
};

async function keysWhileMoving(bench: BenchSetup, folder: string, direction: 'upload' | 'download'): Promise<Row> {
  const source = join(folder, 'large');
  const target = join(folder, direction);
  mkdirSync(target);
  writeFileSync(source, '');
  const block = Buffer.alloc(10 * megabyte, 'slipway');
  for (let at = 0; at < large; at += block.length) writeFileSync(source, block, { flag: 'a' });
  const shell = await openOurs(bench, 'demo-openssh');
  shell.write('stty echo; exec cat > /dev/null\n');
  await pause(500);
  const { id } = await bench.sessions.call(
    'transfers.enqueue',
    enqueueTransferSchema.parse({ direction, sources: [source], folder: target, target: bench.target('demo-openssh'), conflicts: 'overwrite' }),
  );
  let state = 'queued';
  const stop = bench.sessions.subscribe('transfers', ({ rows }) => {
    state = rows[id]?.state ?? state;
  });
  const times: number[] = [];
  for (let nth = 0; state !== 'done'; nth++) {
    if (state === 'failed') throw new Error('the transfer failed');
    const milliseconds = await echo(shell, nth % 60 === 0 ? '\n' : 'x');
    if (state === 'running') times.push(milliseconds);
    await pause(10);
  }
  stop();
  shell.close();
  rmSync(target, { recursive: true });
  const p95 = quantile(times, 0.95);
  return {
    name: `key press while 1 GB goes ${direction === 'upload' ? 'up' : 'down'} beside it, p95`,
    ours: `${p95.toFixed(1)} ms (p50 ${quantile(times, 0.5).toFixed(1)}, ${times.length} keys)`,
    peer: '–',
    ratio: null,
    bar: '< 30 ms',
    pass: p95 < 30,
  };
}

/** Counted through and listed folder by folder; how long the session host was busy at a stretch meanwhile. */
async function tree(bench: BenchSetup, folder: string): Promise<Row> {
  const root = join(folder, 'tree');
  for (let outer = 0; outer < folders; outer++) {
    mkdirSync(join(root, String(outer)), { recursive: true });
    for (let inner = 0; inner < filesPerFolder; inner++) writeFileSync(join(root, String(outer), `file-${inner}`), '');
  }
  const place = { kind: 'remote', target: bench.target('demo-openssh') } as const;
  await bench.sessions.call('files.resolve', { place, path: root, base: '' });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  const count = await bench.sessions.call('files.count', { place, paths: [root] });
  const counted = performance.now();
  let listed = 0;
  for (let outer = 0; outer < folders; outer++) listed += await list(bench, place, join(root, String(outer)));
  const seconds = [(counted - started) / 1000, (performance.now() - counted) / 1000] as const;
  delay.disable();
  const wanted = folders * filesPerFolder;
  if (count.files !== wanted || listed !== wanted) throw new Error(`${count.files} counted and ${listed} listed of ${wanted}`);
  const p99 = delay.percentile(99) / 1e6;
  return {
    name: 'files: a tree of 50,000 counted and listed, session host busy at a stretch, p99',
    ours: `${p99.toFixed(1)} ms (${seconds[0].toFixed(1)} s and ${seconds[1].toFixed(1)} s)`,
    peer: '–',
    ratio: null,
    bar: '< 50 ms',
    pass: p99 < 50,
  };
}

function list(bench: BenchSetup, place: Parameters<typeof bench.sessions.open<'files.list'>>[1]['place'], path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let entries = 0;
    bench.sessions.open(
      'files.list',
      { place, path },
      {
        data() {},
        message: (message) => {
          if (message.type === 'entries') entries += message.entries.length;
        },
        end: (error) => (error ? reject(error) : resolve(entries)),
      },
    );
  });
}
