import type { Page } from 'playwright-core';
import { AuthChannel } from '../../electron/teleport/auth/auth-channel.ts';
import { methods } from '../../electron/teleport/auth/auth-methods.ts';
import { resourceRequest } from '../../electron/teleport/auth/resource-request.ts';
import { resourceQuerySchema } from '../../shared/model/resource.ts';
import { hosts } from '../e2e/app.ts';
import { scrolling } from './frames.ts';
import { hostHeap, inspected, pageHeap } from './heap.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser } from './page-app.ts';
import { type Benchmark, median, pause, type Row } from './row.ts';
import { type BenchSetup, startBench } from './setup.ts';

const kinds = 5;
const count = 20_000;
const rounds = 30;

/** A list of 20,000 resources: how long its first page takes, how it scrolls, what is kept of it. */
export const resources: Benchmark = {
  name: 'resources',
  async run() {
    const bench = await startBench(['--resources', String(count / kinds)]);
    const raw = await rawList(bench);
    try {
      const ours = () => bench.main.call('resources.list', { cluster: bench.key, limit: 200 });
      const published = await takeTurns(raw.list, ours);
      const rows: Row[] = [more('20,000 resources, first page published', published, 10)];
      if (!hosts.browser)
        return [
          ...rows,
          { name: '20,000 resources on screen', ours: 'not run: Chromium is not on this machine', peer: '–', ratio: null, bar: '–', pass: null },
        ];
      return [...rows, ...(await onScreen(bench, raw.listAll))];
    } finally {
      raw.close();
      await bench.close();
    }
  },
};

type Action = () => Promise<unknown>;

async function onScreen(bench: BenchSetup, raw: Action): Promise<Row[]> {
  const app = await openInBrowser(
    bench,
    [{ kind: 'resources', id: 'list', cluster: bench.key, leaf: '', search: '', kinds: [], labels: [], sort: { field: 'name', descending: false } }],
    inspected,
  );
  try {
    const { page } = app;
    await page.locator('[role=row][aria-rowindex="2"] [role=gridcell]').first().waitFor();
    await installInPage(page);
    const shown = await takeTurns(raw, () => sortByName(page));
    await pause(1000);
    const heaps = [await pageHeap(page), await hostHeap(app)] as const;
    const held = async () => (await heaps[0]()) + (await heaps[1]());
    const before = await held();
    const visited = await visitAll(page);
    const kept = (await held()) - before;
    heaps[1].close();
    return [
      more('20,000 resources, first page on screen', shown, 50),
      await scrolling(page, '20,000 resources'),
      {
        name: `memory kept of ${Math.ceil(visited / 200)} pages of resources visited`,
        ours: `+${kept.toFixed(1)} MB (page and host)`,
        peer: `${before.toFixed(0)} MB before`,
        ratio: null,
        bar: '< +20 MB',
        pass: kept < 20,
      },
    ];
  } finally {
    await app.kill();
  }
}

/** The same page of the list by gRPC, decoded and nothing else; `listAll` with what can be asked for, as the page on screen wants it. */
async function rawList(bench: BenchSetup): Promise<{ list: Action; listAll: Action; close(): void }> {
  const { proxy, tls } = await bench.ticket(bench.cluster.nodes[0]!.hostname);
  const { name } = bench.cluster;
  const route = { ...proxy, ...tls, tlsRouting: true, rootCluster: name, targetCluster: name };
  const channel = new AuthChannel(route);
  const list = (availability: 'accessible' | 'all') => {
    const request = { ...resourceRequest(resourceQuerySchema.parse({ cluster: bench.key, availability }), proxy.version), Limit: 200 };
    return () => channel.call(methods.listUnifiedResources, request);
  };
  return { list: list('accessible'), listAll: list('all'), close: () => channel.close() };
}

/** Median milliseconds of both, after five turns that do not count. */
async function takeTurns(peer: Action, ours: Action): Promise<{ ours: number; peer: number }> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let round = -5; round < rounds; round++) {
    for (const [name, action] of [
      ['peer', peer],
      ['ours', ours],
    ] as const) {
      const started = performance.now();
      const measured = await action();
      if (round >= 0) times[name].push(typeof measured === 'number' ? measured : performance.now() - started);
    }
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}

function more(name: string, { ours, peer }: { ours: number; peer: number }, bar: number): Row {
  return {
    name,
    ours: `${ours.toFixed(0)} ms`,
    peer: `${peer.toFixed(0)} ms (gRPC call)`,
    ratio: null,
    bar: `≤ +${bar} ms`,
    pass: ours <= peer + bar,
  };
}

/** Turns the list round: milliseconds from the click to the frame after the one that has the other rows. */
function sortByName(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const firstRow = () => document.querySelector('[role=row][aria-rowindex="2"]')?.textContent;
        const before = firstRow();
        const started = performance.now();
        document.querySelector<HTMLElement>('[role=columnheader] button')!.click();
        const look = () => {
          if (firstRow() === before) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(performance.now() - started));
        };
        requestAnimationFrame(look);
      }),
  );
}

/** Goes to the end of the list, page by page; the rows passed. */
async function visitAll(page: Page): Promise<number> {
  const rows = await page.evaluate(async () => {
    const grid = document.querySelector('[role=grid]')!;
    const deadline = performance.now() + 120_000;
    while (grid.getAttribute('aria-rowcount') === '-1') {
      if (performance.now() > deadline) return 0;
      grid.scrollTop = grid.scrollHeight;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return Number(grid.getAttribute('aria-rowcount')) - 1;
  });
  if (rows < count) throw new Error(`the list ended after ${rows} rows`);
  return rows;
}
