import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type ClusterProcess, type HostName, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { type ClusterFacts, logIn, settleIn } from './person.ts';

const name = 'rita'; // she has two logins, reviews, and may ask for access
/** Soon enough for somebody who looks at the page: it must not take a restart, a click or the half minute of a quiet list. */
const soon = { timeout: 10_000 };

const search = (page: Page) => page.getByRole('searchbox', { name: 'Search resources' });
const connectTo = (page: Page, server: string) => page.getByRole('button', { name: `Connect to ${server}`, exact: true });
const tip = (page: Page) => page.getByRole('tooltip').filter({ visible: true });
const footer = (page: Page) => page.getByRole('contentinfo');
const inPage = (page: Page) => page.getByRole('tabpanel').filter({ visible: true });

/** The page of access requests without a row. */
const nothing = /^(Nothing waits for your review|You have asked for nothing|No access requests)$/;

/** Said below a list that could be read before. */
const old = (page: Page) =>
  inPage(page)
    .getByRole('alert')
    .getByText(/^Nothing answers/);

/** What scrolls although all of it should fit, by tag, class and size. */
const scrolling = (within: Locator) =>
  within.evaluate((top) =>
    [top, ...top.querySelectorAll('*')]
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const down = overflowY === 'scroll' || (overflowY === 'auto' && element.scrollHeight > element.clientHeight);
        const across = overflowX === 'scroll' || (overflowX === 'auto' && element.scrollWidth > element.clientWidth);
        return (down || across) && element.tagName !== 'TEXTAREA';
      })
      .map(
        (element) =>
          `${element.tagName} ${element.className} ${element.clientWidth}x${element.clientHeight} shows ${element.scrollWidth}x${element.scrollHeight}`,
      ),
  );

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`pages of a cluster in the ${host} host`, () => {
    let cluster: ClusterProcess<ClusterFacts>;
    let app: App;
    const control = (what: string, body = {}) => fetch(`${cluster.facts.control}/${what}`, { method: 'POST', body: JSON.stringify(body) });
    beforeAll(async () => {
      cluster = await startClusterProcess<ClusterFacts>(['--no-leaf', '--no-sshd']);
      app = await launch(host, { home: newHome() });
      await settleIn(app.page, cluster.facts, name);
      await search(app.page).fill('demo-server');
      await connectTo(app.page, 'demo-server').waitFor();
    });
    afterAll(async () => {
      await app?.kill();
      await cluster?.close();
    });

    test('tips go away with a key, a click and an open menu', async () => {
      const { page } = app;
      const button = page.getByRole('button', { name: 'Connect to a server', exact: true });
      const show = async (over: Locator) => {
        await page.mouse.move(640, 400);
        await over.hover();
        await tip(page).waitFor();
      };
      await show(button);
      await page.keyboard.press('Shift');
      await tip(page).waitFor({ state: 'hidden' });
      await show(button);
      await button.click();
      await page.getByRole('dialog').waitFor();
      await tip(page).waitFor({ state: 'hidden' });
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      const tab = page.getByRole('tab').first();
      await show(tab);
      await tab.click({ button: 'right' });
      await page.getByRole('menu').waitFor();
      await tip(page).waitFor({ state: 'hidden' });
      await page.keyboard.press('Escape');
    });

    test('a menu of logins that is opened while the list is read anew stays open', async () => {
      const { page } = app;
      const refresh = inPage(page).getByRole('button', { name: 'Refresh' });
      await control('faults', { slow: 700 });
      await search(page).fill('demo-serv');
      await expect.poll(() => refresh.getAttribute('aria-busy')).toBe('true');
      await connectTo(page, 'demo-server').click();
      const login = page.getByRole('menuitem', { name: 'nobody', exact: true });
      await login.waitFor();
      await expect.poll(() => refresh.getAttribute('aria-busy'), soon).toBe('false');
      expect(await login.isVisible()).toBe(true);
      await control('faults');
      await page.keyboard.press('Escape');
      await login.waitFor({ state: 'hidden' });
    });

    test('the drawer for a request has the focus on its field, no scroll bars, and gives the focus back on Esc', async () => {
      const { page } = app;
      await search(page).focus();
      await page.keyboard.press('Control+Shift+KeyR');
      const drawer = page.getByRole('dialog');
      await drawer.waitFor();
      const roles = drawer.getByRole('combobox', { name: 'Roles' }).or(drawer.getByLabel('Roles')).first();
      await expect.poll(() => roles.evaluate((field) => field === document.activeElement)).toBe(true);
      await page.getByRole('option', { name: /^auditor/ }).click();
      await drawer.getByText(/The cluster would/).waitFor(soon);
      expect(await scrolling(drawer)).toEqual([]);
      await roles.press('Escape');
      await page.getByRole('option').first().waitFor({ state: 'hidden' });
      expect(await drawer.isVisible()).toBe(true);
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'hidden' });
      await expect.poll(() => search(page).evaluate((field) => field === document.activeElement)).toBe(true);
    });

    test('while the cluster is away nothing is green; its pages come back by themselves', async () => {
      const { page } = app;
      await search(page).fill('echo-web');
      await connectTo(page, 'echo-web').click();
      await page.getByRole('menuitem', { name: /local address/ }).click();
      await footer(page).getByRole('button', { name: '1 connection' }).waitFor();
      const dots = () =>
        footer(page)
          .locator('[data-status]')
          .evaluateAll((all) => all.map((dot) => getComputedStyle(dot).backgroundColor));
      const [green, ...others] = await dots();
      expect(others).toEqual([green]);

      await page.keyboard.press('Control+Shift+KeyA');
      await inPage(page).getByText(nothing).waitFor();
      expect(await scrolling(inPage(page))).toEqual([]);
      await control('down');
      await inPage(page).getByRole('button', { name: 'Refresh' }).click();
      await old(page).waitFor(soon);
      await footer(page).getByText('Cannot be reached').waitFor();
      await footer(page).getByRole('button', { name: '1 connection, not usable now' }).waitFor();
      expect(await dots()).not.toContain(green);
      await page.getByRole('tab', { name: cluster.facts.name }).first().click();
      await search(page).fill('demo-server');
      await inPage(page).getByText(`${cluster.facts.name} cannot be reached`).waitFor(soon);

      await control('up');
      await connectTo(page, 'demo-server').waitFor(soon);
      await footer(page)
        .getByText('Cannot be reached')
        .waitFor({ state: 'hidden', ...soon });
      await page.getByRole('tab', { name: 'Access requests' }).click();
      await old(page).waitFor({ state: 'hidden', ...soon });
      await expect.poll(dots, soon).toEqual([green, green]);
    });

    test('after a log out and a new login the page is read anew', async () => {
      const { page } = app;
      await page.getByRole('tab', { name: cluster.facts.name }).first().click();
      await page.getByRole('button', { name: /Switch cluster/ }).click();
      await page.getByRole('button', { name: `More for ${cluster.facts.name}` }).click();
      await page.getByRole('button', { name: 'Log out', exact: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Log out', exact: true }).last().click();
      await inPage(page).getByRole('button', { name: 'Log in' }).click();
      await logIn(page, cluster.facts, name);
      await connectTo(page, 'demo-server').waitFor(soon);
    });
  });
}
