import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseUserCertificate } from '../../electron/teleport/certs/certificates.ts';
import { type App, type HostName, hosts, launch, newHome, openLinkByOs, startClusterProcess } from './app.ts';
import { type ClusterFacts, openServer, settleIn, terminalText, typeInTerminal } from './person.ts';

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;

/** Active requests and roles out of the certificate that lies in the app's own folder. */
function certificateIn(home: string, user: string) {
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  const found = files.find((name) => name.endsWith(`${user}.crt`) || name.endsWith(`${user}-x509.pem`));
  if (!found) throw new Error(`no certificate of ${user} among ${files.join(', ')}`);
  return parseUserCertificate(readFileSync(join(home, found), 'utf8'));
}

async function begin(host: HostName, home: string, user: string): Promise<App> {
  const app = await launch(host, { home, size: { width: 1280, height: 720 } });
  await settleIn(app.page, cluster.facts, user);
  return app;
}

const server = 'demo-server';
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search resources' });
const banner = (page: Page) => page.getByRole('region', { name: 'Assumed access' });
const bigWait = { timeout: 20_000 };

/** Goes below the width at which a request takes the list's place, and back, and looks each time. */
async function inAllWidths(page: Page, look: () => Promise<void>): Promise<void> {
  for (const width of [820, 1280]) {
    await page.setViewportSize({ width, height: 720 });
    await page.getByRole('button', { name: width < 860 ? 'Back to the list' : 'Close request' }).waitFor();
    await look();
  }
}

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`access requests in the ${host} host`, () => {
    const homes = { dana: newHome(), rita: newHome() };
    let dana: App;
    let rita: App;
    // One of its own for each host: what was granted in one would be there in the other.
    beforeAll(async () => {
      cluster = await startClusterProcess<ClusterFacts>();
    });
    afterAll(() => Promise.all([dana?.kill(), rita?.kill(), cluster?.close()]));

    test('a server that is not hers can be asked for, by keys', async () => {
      [dana, rita] = await Promise.all([begin(host, homes.dana, 'dana'), begin(host, homes.rita, 'rita')]);
      const { page } = dana;
      expect(certificateIn(homes.dana, 'dana').activeRequests).toEqual([]);
      await search(page).fill(server);
      await page.getByRole('button', { name: `Request access to ${server}` }).waitFor(bigWait);
      expect(await page.getByRole('button', { name: `Connect to ${server}` }).count()).toBe(0);
      await search(page).press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('r');
      await page.getByRole('region', { name: 'Gathered for a request' }).getByText(server).waitFor();
      await page.keyboard.press('Control+Shift+R');
      const drawer = page.getByRole('dialog');
      await drawer.getByText(/The cluster would grant it/).waitFor(bigWait);
      await drawer.getByRole('textbox', { name: 'Reason' }).fill('INC-7: the queue is stuck');
      await page.keyboard.press('Control+Enter');
      await drawer.waitFor({ state: 'hidden' });
      await page.getByRole('heading', { name: new RegExp(`You ask for ${server}`) }).waitFor();
    });

    test('the reviewer is told, and approves with a reason', async () => {
      const { page } = rita;
      await page.getByRole('button', { name: 'Access requests: 1 waits for your review' }).waitFor(bigWait);
      if (host === 'browser') await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Show' }).first().click();
      else {
        await page.keyboard.press('Control+Shift+A');
        await page.getByRole('row', { name: new RegExp(server) }).waitFor(bigWait);
        await page.getByRole('searchbox', { name: 'Search requests' }).press('ArrowDown');
        for (const key of ['ArrowDown', 'Enter']) await page.keyboard.press(key);
      }
      await page.getByText('INC-7: the queue is stuck').last().waitFor();
      const review = page.getByRole('region', { name: 'Your review' });
      const words = review.getByRole('textbox', { name: 'Message (optional)' });
      if (host === 'browser') await words.focus();
      else {
        await words.waitFor();
        await page.keyboard.press('Enter');
      }
      await page.keyboard.type('Until tonight.');
      await inAllWidths(page, async () => expect(await words.inputValue()).toBe('Until tonight.'));
      await words.focus();
      await page.keyboard.press('Control+Enter');
      await review.waitFor({ state: 'hidden', ...bigWait });
      await page.getByRole('button', { name: 'Access requests', exact: true }).waitFor(bigWait);
    });

    // Only an installed app can be opened by links.
    if (host === 'electron')
      test('a link from elsewhere opens the request in the app that runs', async () => {
        const id = await dana.page
          .getByRole('region', { name: 'Access request' })
          .getByText(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
          .textContent();
        const { page } = rita;
        await page.keyboard.press('Escape');
        await page.getByRole('region', { name: 'Access request' }).waitFor({ state: 'hidden' });
        await openLinkByOs(homes.rita, `slipway://cluster/${cluster.facts.address}/requests/${id}`);
        await page.getByRole('heading', { name: new RegExp(`dana asks for ${server}`) }).waitFor(bigWait);
        await openLinkByOs(homes.rita, `slipway://cluster/elsewhere.example:443/requests/${id}`);
        await page.getByText('The cluster is not known').waitFor(bigWait);
      });

    test('the requester sees it without a refresh, assumes it and works on the server', async () => {
      const { page } = dana;
      await page.getByRole('region', { name: 'Reviews' }).getByText('Until tonight.').waitFor(bigWait);
      await page.getByRole('button', { name: 'Assume this access' }).waitFor();
      await page.getByRole('searchbox', { name: 'Search requests' }).press('ArrowDown');
      for (const key of ['ArrowDown', 'a']) await page.keyboard.press(key);
      await banner(page).getByText(server).waitFor(bigWait);
      expect(certificateIn(homes.dana, 'dana').activeRequests).toHaveLength(1);
      await page
        .getByRole('tab', { name: new RegExp(cluster.facts.name) })
        .first()
        .click();
      await openServer(page, server, cluster.facts.users.find(({ name }) => name === 'dana')!.logins[0]!);
      await typeInTerminal(page, 'echo in-$((40+2))\n');
      await expect.poll(() => terminalText(page), bigWait).toContain('in-42');
    });

    test('dropped, the session says so, and a new one is refused', async () => {
      const { page } = dana;
      await banner(page).getByRole('button', { name: 'Drop' }).click();
      await banner(page).waitFor({ state: 'hidden', ...bigWait });
      expect(certificateIn(homes.dana, 'dana').activeRequests).toEqual([]);
      await page.getByText(/Access was dropped since this session began/).waitFor();
      await page.getByRole('button', { name: 'New session' }).click();
      const refused = page
        .getByRole('tabpanel')
        .filter({ visible: true })
        .getByRole('button', { name: /try again/i });
      await refused.waitFor(bigWait);
      await page
        .getByRole('tab', { name: new RegExp(cluster.facts.name) })
        .first()
        .click();
      await page
        .getByRole('button', { name: `Show the approved request for ${server}` })
        .or(page.getByRole('button', { name: `Request access to ${server}` }))
        .waitFor(bigWait);
    });
  });
}
