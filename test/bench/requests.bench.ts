import { performance } from 'node:perf_hooks';
import { usualTimes } from '../../electron/requests/request-feed.ts';
import { type EmbeddedCluster, startCluster } from '../cluster/index.ts';
import { Person } from '../support/request-person.ts';
import { type Benchmark, median, pause, quantile, type Row } from './row.ts';

const many = 5000;
const rounds = 30;

/** Access requests in the services, with a cluster that has thousands: from the server's event to the topic, and what a page of the list costs. */
export const accessRequests: Benchmark = {
  name: 'access requests',
  async run() {
    const cluster = await startCluster({ resources: 20, sshd: false, leaf: false, accessRequests: many });
    try {
      const rita = await Person.logIn(cluster, 'rita', { times: usualTimes });
      try {
        await rita.until(({ counts }) => counts.total >= many, 30_000);
        await pause(500);
        return [await eventToTopic(cluster, rita), await pageOfList(rita)];
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
