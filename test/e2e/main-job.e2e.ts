import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome, start, startClusterProcess } from './app.ts';
import { type ClusterFacts, openServer, settleIn, terminalText, typeInTerminal } from './person.ts';

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
beforeAll(async () => {
  cluster = await startClusterProcess<ClusterFacts>();
});
afterAll(() => cluster?.close());

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`the main job in the ${host} host`, () => {
    const home = newHome();
    let app: App;
    afterAll(() => app?.kill());

    test('add a cluster, log in with password and code, search a server, work in its shell', async () => {
      app = await launch(host, { home });
      const { page } = app;
      await settleIn(page, cluster.facts);
      await openServer(page, 'demo-server', 'root');
      await typeInTerminal(page, 'echo $((6*7)); tty\n');
      await expect.poll(() => terminalText(page), { timeout: 20_000 }).toMatch(/\n42\s*\n\s*\/dev\/pts\/\d+/);
    });

    test('the shell follows the size of the window', async () => {
      const { page } = app;
      const columns = async (marker: string) => {
        await typeInTerminal(page, `echo ${marker}-$(tput cols)-\n`);
        let found = 0;
        await expect
          .poll(async () => (found = Number(new RegExp(`\\n${marker}-(\\d+)-`).exec(await terminalText(page))?.[1] ?? 0)), { timeout: 20_000 })
          .toBeGreaterThan(0);
        return found;
      };
      const wide = await columns('wide');
      await page.setViewportSize({ width: 820, height: 600 });
      let asked = 0;
      let narrow = wide;
      await expect.poll(async () => (narrow = await columns(`narrow${++asked}`)), { timeout: 20_000 }).toBeLessThan(wide);
      expect(narrow).toBeGreaterThan(20);
    });

    test('after a restart the tab is back and connects', async () => {
      // Electron's window saves its tabs as it closes; here the page's server goes, so that they must be saved already.
      if (host === 'browser') await expect.poll(() => readFileSync(join(home, 'state.json'), 'utf8'), { timeout: 10_000 }).toContain('demo-server');
      else await declineToClose(app.page);
      await app.close();
      app = await launch(host, { home });
      const tab = app.page.getByRole('tab', { name: /demo-server/ });
      await tab.waitFor();
      await tab.click();
      await typeInTerminal(app.page, 'echo back-$((40+2))\n');
      await expect.poll(() => terminalText(app.page), { timeout: 20_000 }).toContain('back-42');
    });

    test('closing a live session asks first', async () => {
      const { page } = app;
      await page.getByRole('tab', { name: /demo-server/ }).click({ button: 'middle' });
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await dialog.getByRole('button', { name: /close/i }).last().click();
      await expect.poll(() => page.getByRole('tab', { name: /demo-server/ }).count()).toBe(0);
    });

    const onlyInBrowserHost = host === 'browser' ? test : () => {};
    onlyInBrowserHost('a second one on the same folder says so and leaves', async () => {
      const second = start(process.execPath, ['out/browser-host.js'], { SLIPWAY_HOME: home });
      await second.ended;
      expect(second.child.exitCode).toBe(1);
      expect(second.output()).toContain(`Slipway is open on ${home} already`);
    });
  });
}

/** With a session running, the window asks before it closes; on no it stays as it was. */
async function declineToClose(page: Page): Promise<void> {
  await page.evaluate(() => window.close());
  const dialog = page.getByRole('dialog');
  await dialog.getByText('A session is still running').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await typeInTerminal(page, 'echo still-$((40+2))\n');
  await expect.poll(() => terminalText(page), { timeout: 20_000 }).toContain('still-42');
}
