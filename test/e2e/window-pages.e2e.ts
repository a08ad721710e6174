import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { type ClusterFacts, settleIn } from './person.ts';

const slow = { timeout: 20_000 };
let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
beforeAll(async () => {
  cluster = await startClusterProcess<ClusterFacts>();
});
afterAll(() => cluster?.close());

async function tellCluster(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${cluster.facts.control}${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

/** The cluster is away: what is asked is cut off, and so are the connections that are open. */
async function goAway(): Promise<void> {
  await tellCluster('/faults', { drop: ['web', 'rpc', 'dial', 'session'] });
  await tellCluster('/drop', {});
}
const comeBack = () => tellCluster('/faults', {});

const tips = (page: Page) => page.getByRole('tooltip').filter({ visible: true });

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`pages in the ${host} host`, () => {
    let app: App;
    beforeAll(async () => {
      app = await launch(host, { home: newHome() });
      await settleIn(app.page, cluster.facts);
      await app.page
        .getByRole('row', { name: /demo-server/ })
        .first()
        .waitFor(slow);
    });
    afterAll(async () => {
      await comeBack();
      await app?.kill();
    });

    test('resources, requests and files that could not be read are read again when the cluster is back', async () => {
      const { page } = app;
      await goAway();
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByRole('heading', { name: /cannot be reached/ }).waitFor(slow);
      await comeBack();
      await page
        .getByRole('row', { name: /demo-server/ })
        .first()
        .waitFor(slow);
      expect(await page.getByRole('heading', { name: /cannot be reached/ }).count()).toBe(0);
    });

    test('a tip goes with a click and with a key, and stays away while a menu is open', async () => {
      const { page } = app;
      const connect = page.getByRole('button', { name: 'Connect to a server' });
      await connect.hover();
      await tips(page).waitFor();
      await page.keyboard.press('Shift');
      await expect.poll(() => tips(page).count()).toBe(0);
      await page.getByRole('searchbox').hover();
      await connect.hover();
      await tips(page).waitFor();
      await connect.click();
      await page.getByRole('combobox', { name: 'Connect to a server' }).waitFor();
      await expect.poll(() => tips(page).count()).toBe(0);
      await page.keyboard.press('Escape');
      const requests = page.getByRole('button', { name: /^Access requests/ });
      await requests.hover();
      await tips(page).waitFor();
      await requests.click();
      await page.getByRole('menu').waitFor();
      await expect.poll(() => tips(page).count()).toBe(0);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'hidden' });
    });

    test('a menu of logins stays open while the list under it is read anew', async () => {
      const { page } = app;
      await tellCluster('/faults', { slow: 1000 });
      await page.getByRole('searchbox').fill('demo');
      await page.getByRole('button', { name: 'Connect to demo-server' }).first().click();
      const login = page.getByRole('menuitem', { name: 'root', exact: true });
      await login.waitFor();
      const reading = page.getByRole('button', { name: 'Refresh' }).and(page.locator('[aria-busy="true"]'));
      await reading.waitFor();
      await reading.waitFor({ state: 'hidden', ...slow });
      expect(await login.isVisible()).toBe(true);
      await comeBack();
      await page.keyboard.press('Escape');
      await login.waitFor({ state: 'hidden' });
    });

    test('no scroll bar on pages that fit', async () => {
      const { page } = app;
      await page
        .getByRole('button', { name: /Request access|Access requests/ })
        .first()
        .click();
      await page.getByRole('menuitem', { name: /Request access/ }).click();
      await page.getByRole('dialog').getByRole('textbox').first().waitFor();
      expect(await scrollers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.getByRole('searchbox').fill('nothing-has-this-name');
      await page.getByRole('heading', { name: 'Nothing matches' }).waitFor(slow);
      expect(await scrollers(page)).toEqual([]);
      await page.keyboard.press('Control+Shift+KeyW');
      await page.getByRole('heading', { name: 'No tab is open' }).waitFor();
      expect(await scrollers(page)).toEqual([]);
    });
  });
}

/** Visible elements with a scroll bar. */
const scrollers = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => element.checkVisibility() && !element.closest('.xterm, [role="tablist"]'))
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const over = (name: string, by: number) => (name === 'auto' || name === 'scroll') && by > 0;
        return over(overflowX, element.scrollWidth - element.clientWidth) || over(overflowY, element.scrollHeight - element.clientHeight);
      })
      .map((element) => `${element.className} ${element.scrollWidth - element.clientWidth} ${element.scrollHeight - element.clientHeight}`),
  );
