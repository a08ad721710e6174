import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { usualTimes } from '../../electron/requests/request-feed.ts';
import type { Document } from '../../shared/model/document.ts';
import { type EmbeddedCluster, startCluster } from '../cluster/index.ts';
import { hosts } from '../e2e/app.ts';
import { Person } from '../support/request-person.ts';
import { filtering, scrolling } from './frames.ts';
import { installInPage } from './page/in-page.ts';
import { openInBrowser } from './page-app.ts';
import { type Benchmark, median, pause, quantile, type Row } from './row.ts';
import { logIn, startServices } from './setup.ts';

const many = 5000;
const rounds = 30;

/** Access requests of a cluster that has thousands: from the server's event to the topic and to the painted row, and what the list costs, in the services and on screen. */
export const accessRequests: Benchmark = {
  name: 'access requests',
  async run() {
    const cluster = await startCluster({ resources: 20, sshd: false, leaf: false, accessRequests: many });
    try {
      const rita = await Person.logIn(cluster, 'rita', { times: usualTimes });
      try {
        await rita.until(({ counts }) => counts.total >= many, 30_000);
        await pause(500);
        return [await eventToTopic(cluster, rita), await pageOfList(rita), ...(await onScreen(cluster))];
      } finally {
        await rita.close();
      }
    } finally {
      await cluster.close();
    }
  },
};

async function eventToTopic(cluster: EmbeddedCluster, rita: Person): Promise<Row> {
  const times: number[] = [];
  const [first] = await rita.list({ scope: 'waiting', limit: 1 });
  const request = cluster.root.requests.get(first!.id)!;
  for (let round = 0; round < rounds; round++) {
    const before = rita.overview!.revision;
    const started = performance.now();
    const changed = new Promise<void>((resolve) => {
      const stop = rita.requests.topic.onChange((all) => {
        if (all[rita.key]!.revision === before) return;
        stop();
        resolve();
      });
    });
    cluster.root.requests.put({ ...request, Spec: { ...request.Spec, RequestReason: `round ${round}` } });
    await changed;
    times.push(performance.now() - started);
    await pause(30);
  }
  const p99 = quantile(times, 0.99);
  return {
    name: `an event of the cluster until it is in the topic, ${many} requests`,
    ours: `${median(times).toFixed(0)} ms (p99 ${p99.toFixed(0)})`,
    peer: '–',
    ratio: null,
    bar: 'p99 < 200 ms',
    pass: p99 < 200,
  };
}

async function pageOfList(rita: Person): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await rita.list({
      search: ['incident', 'person-1', ''][round % 3]!,
      sort: { field: round % 2 ? 'user' : 'created', descending: true },
      offset: round * 10,
    });
    times.push(performance.now() - started);
  }
  const p99 = quantile(times, 0.99);
  return {
    name: `a page of ${many} requests, filtered and sorted`,
    ours: `${median(times).toFixed(1)} ms (p99 ${p99.toFixed(0)})`,
    peer: '–',
    ratio: null,
    bar: 'p99 < 50 ms',
    pass: p99 < 50,
  };
}

/** The inbox of one who may review everything, in Chromium. */
async function onScreen(cluster: EmbeddedCluster): Promise<Row[]> {
  if (!hosts.browser)
    return [{ name: `${many} requests on screen`, ours: 'not run: Chromium is not on this machine', peer: '–', ratio: null, bar: '–', pass: null }];
  const home = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const closers: (() => unknown)[] = [];
  try {
    const { main } = startServices(home, closers);
    const key = await logIn(main, cluster, 'ron');
    const inbox: Document = {
      ...{ kind: 'requests', id: 'inbox', cluster: key, scope: 'all', states: [], search: '', request: '' },
      sort: { field: 'created', descending: true },
    };
    const app = await openInBrowser({ home, main }, [inbox]);
    try {
      const { page } = app;
      await page.getByText(`${many.toLocaleString('en-US')} requests`).waitFor();
      await installInPage(page);
      await pause(2000);
      const painted = await eventToRow(cluster, page);
      return [painted, await scrolling(page, `${many} requests`), await filtering(page, `${many} requests`, 'State')];
    } finally {
      await app.kill();
    }
  } finally {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
    rmSync(home, { recursive: true, force: true });
  }
}

/** From the cluster's change of a request to the frame after the one whose row has it: both clocks are this machine's. */
async function eventToRow(cluster: EmbeddedCluster, page: Page): Promise<Row> {
  const age = ({ Spec }: { Spec: { Created?: { seconds?: unknown } | null } }) => -Number(Spec.Created?.seconds);
  const newest = cluster.root.requests.all().sort((left, right) => age(left) - age(right))[0]!;
  const times: number[] = [];
  for (let round = -3; round < rounds; round++) {
    const reason = `round ${round} on screen`;
    const seen = page.evaluate(
      (wanted) =>
        new Promise<number>((resolve) => {
          const look = () => {
            if (document.querySelector('[role=grid]')?.textContent?.includes(wanted))
              requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
            else requestAnimationFrame(look);
          };
          look();
        }),
      reason,
    );
    await pause(50);
    const began = performance.timeOrigin + performance.now();
    cluster.root.requests.put({ ...newest, Spec: { ...newest.Spec, RequestReason: reason } });
    const took = (await seen) - began;
    if (round >= 0) times.push(took);
    await pause(100);
  }
  const p99 = quantile(times, 0.99);
  return {
    name: `an event of the cluster until its row is painted, ${many} requests`,
    ours: `${median(times).toFixed(0)} ms (p99 ${p99.toFixed(0)})`,
    peer: '–',
    ratio: null,
    bar: 'p99 < 200 ms',
    pass: p99 < 200,
  };
}
