import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Collector, startCollector } from '../cluster/collector.ts';
import { type App, type HostName, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { addCluster, answerConsent, type ClusterFacts, logIn, openServer, terminalText, typeInTerminal } from './person.ts';

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
beforeAll(async () => {
  cluster = await startClusterProcess<ClusterFacts>();
});
afterAll(() => cluster?.close());

/** Every file below a folder with its text. */
function filesBelow(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => ({ path: relative(folder, path), text: readFileSync(path, 'latin1') }));
}

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`usage events in the ${host} host`, () => {
    let collector: Collector;
    let home: string;
    let app: App;
    beforeEach(async () => {
      collector = await startCollector();
      home = newHome();
      app = await launch(host, { home, env: { SLIPWAY_COLLECTOR: collector.address } });
    });
    afterEach(async () => {
      await app.kill();
      await collector.close();
    });

    /** Logs in and gets a shell. */
    async function work(): Promise<void> {
      await addCluster(app.page, cluster.facts);
      await logIn(app.page, cluster.facts, 'alice');
      await openServer(app.page, 'demo-server', 'root');
      await typeInTerminal(app.page, 'echo work-$((1+1))\n');
      await expect.poll(() => terminalText(app.page), { timeout: 20_000 }).toContain('work-2');
    }

    test('declined: nothing is recorded, queued or sent, and no socket to the collector is opened', async () => {
      await answerConsent(app.page, 'Decline');
      await work();
      await app.close();
      expect(collector.connections).toBe(0);
      expect(filesBelow(home).filter(({ path }) => /outbox|history|installation/.test(path))).toEqual([]);
      expect(
        filesBelow(home)
          .filter(({ text }) => /cluster_login|protocol_use|clusterLogin|protocolUse/.test(text))
          .map(({ path }) => path),
      ).toEqual([]);
    });

    test('closed without an answer: asked again at the next start, nothing recorded until then', async () => {
      await app.page.getByRole('dialog').waitFor();
      await app.page.keyboard.press('Escape');
      await app.page.getByRole('dialog').waitFor({ state: 'hidden' });
      await app.close();
      app = await launch(host, { home, env: { SLIPWAY_COLLECTOR: collector.address } });
      await app.page.getByRole('dialog').getByRole('button', { name: 'Allow', exact: true }).waitFor();
      expect(collector.connections).toBe(0);
    });

    test('allowed: the collector holds exactly what was done, under codes; plain names stand only where they belong', async () => {
      await answerConsent(app.page, 'Allow');
      await work();
      await app.close();
      expect(collector.counts().map(({ event, count }) => [event, count])).toEqual([
        ['cluster_login', 1],
        ['protocol_use', 1],
      ]);
      const names = [cluster.facts.name, 'alice'];
      for (const body of collector.bodies) for (const name of names) expect(body.includes(name)).toBe(false);
      const files = filesBelow(home);
      const telemetryFiles = files.filter(({ path }) => path.startsWith('telemetry'));
      expect(telemetryFiles.length).toBeGreaterThan(0);
      for (const name of names) {
        const holders = files.filter(({ text }) => text.includes(name)).map(({ path }) => path.split('/')[0]);
        // Profiles and what is remembered about them; the saved tabs; the list of connections.
        expect([...new Set(holders)].filter((top) => !/^(profiles|connections|state\.json)/.test(top ?? ''))).toEqual([]);
      }
    });

    test('switched off with events waiting: the queue and the installation id are deleted, nothing more leaves', async () => {
      collector.fail({ kind: 'status', status: 503 });
      await answerConsent(app.page, 'Allow');
      await work();
      const { page } = app;
      await page.keyboard.press('Control+,');
      await page.getByLabel('Record usage events').click({ force: true });
      await expect.poll(() => page.getByLabel('Record usage events').isChecked()).toBe(false);
      collector.fail(null);
      const before = collector.requests;
      await app.close();
      expect(collector.requests).toBe(before);
      expect(collector.events()).toEqual([]);
      const folder = join(home, 'telemetry');
      const left = existsSync(folder) ? filesBelow(folder) : [];
      expect(left.filter(({ path }) => /outbox|installation/.test(path))).toEqual([]);
    });
  });
}
