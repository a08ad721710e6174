import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome } from './app.ts';
import { browseFiles, clearFinished, digestOf, finished, goTo, list, patience, refresh, row, transfers } from './files-person.ts';
import { settleIn } from './person.ts';
import { workplace } from './workplace.ts';

const mb = 1_000_000;
const large = 300 * mb;

const { facts, folders } = workplace();

/** Bytes that are different everywhere, so that a part in the wrong place shows. */
function writeLarge(path: string): void {
  const block = randomBytes(mb);
  writeFileSync(path, '');
  for (let at = 0; at < large; at += mb) {
    block.writeUInt32BE(at);
    writeFileSync(path, block, { flag: 'a' });
  }
}

/** The part file of what is on its way into a folder, and its size; null while there is none. */
const partIn = (folder: string, before: readonly string[]) => {
  const name = readdirSync(folder).find((each) => !before.includes(each));
  return name ? { name, size: statSync(join(folder, name)).size } : null;
};

/** Every connection through the cluster ends at once, as when a cable is pulled. */
const cut = () => fetch(`${facts().control}/drop`, { method: 'POST', body: '{}' });
const states = (page: Page) => transfers(page).evaluateAll((rows) => rows.map((each) => (each as HTMLElement).dataset.state));
const order = (page: Page) => transfers(page).evaluateAll((rows) => rows.map((each) => each.querySelector('bdi')?.textContent));
const atATime = (page: Page, count: number) => page.getByLabel('Transfers at a time per server').selectOption(String(count));

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`the queue of transfers in the ${host} host`, () => {
    const home = newHome();
    let app: App;
    let here: string;
    let there: string;
    beforeAll(async () => {
      ({ here, there } = folders());
      writeLarge(join(here, 'large.bin'));
      app = await launch(host, { home });
      const { page } = app;
      await settleIn(page, facts());
      await browseFiles(page, 'demo-openssh');
      await goTo(page, 'local', here);
      await goTo(page, 'remote', there);
    });
    afterAll(() => app?.kill());

    const upload = async (page: Page, name: string) => {
      await row(page, 'local', name).click();
      await page.keyboard.press('F5');
    };

    for (const direction of ['up', 'down'] as const) {
      test(`a file that was cut off half way ${direction} goes on where it was, by itself, and is the same in the end`, async () => {
        const { page } = app;
        const [from, to] = direction === 'up' ? [here, there] : [there, here];
        if (direction === 'down') rmSync(join(here, 'large.bin'));
        const before = readdirSync(to);
        await refresh(page, 'local');
        await row(page, direction === 'up' ? 'local' : 'remote', 'large.bin').click();
        await page.keyboard.press('F5');
        await expect.poll(() => (partIn(to, before)?.size ?? 0) > 20 * mb, { ...patience, interval: 5 }).toBe(true);
        await cut();
        const left = partIn(to, before);
        expect(left?.size).toBeGreaterThan(20 * mb);
        expect(left?.size).toBeLessThan(large);
        const one = transfers(page).first();
        // State and words are read together: the next try may begin between two questions to the page.
        const whatWaits = () => one.evaluate((found) => ((found as HTMLElement).dataset.state === 'waiting' ? found.textContent : ''));
        await expect.poll(whatWaits, { ...patience, interval: 20 }).toMatch(/Connection lost\. Trying again/);
        await finished(page);
        expect(digestOf(join(to, 'large.bin'))).toBe(digestOf(join(from, 'large.bin')));
        expect(readdirSync(to).sort()).toEqual([...before, 'large.bin'].sort());
        expect(await one.getAttribute('title')).not.toMatch(/start(ed)? over|anew/);
        await clearFinished(page);
      });
    }

    test('two transfers that find a file each ask one after the other, and a question that is put away comes back', async () => {
      const { page } = app;
      for (const name of ['one', 'two']) {
        for (const folder of [here, there]) {
          mkdirSync(join(folder, name));
          writeFileSync(join(folder, name, 'same.txt'), `${folder} ${name}`);
        }
      }
      await refresh(page, 'local');
      await upload(page, 'one');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('one/same.txt').waitFor(patience);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      await upload(page, 'two');
      await dialog.getByText('two/same.txt').waitFor(patience);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await states(page)).toEqual(['asking', 'asking']);

      await page.getByRole('button', { name: /2 transfers wait for your answer/ }).click();
      await dialog.getByText('one/same.txt').waitFor(patience);
      await dialog.getByText('Another transfer asks after this.').waitFor();
      await dialog.getByRole('button', { name: 'Overwrite', exact: true }).click();
      await dialog.getByText('two/same.txt').waitFor(patience);
      await dialog.getByRole('button', { name: 'Keep both' }).click();
      await expect.poll(() => states(page), patience).toEqual(['done', 'done']);
      expect(readFileSync(join(there, 'one/same.txt'), 'utf8')).toBe(`${here} one`);
      expect(readFileSync(join(there, 'two/same.txt'), 'utf8')).toBe(`${there} two`);
      expect(readdirSync(join(there, 'two'))).toHaveLength(2);
      await clearFinished(page);
    });

    test('the queue is paused, put in another order and taken up again by keys alone', async () => {
      const { page } = app;
      const names = ['first.bin', 'second.bin', 'third.bin'];
      for (const name of names) writeFileSync(join(here, name), randomBytes(2000));
      writeFileSync(join(here, 'huge.bin'), '');
      truncateSync(join(here, 'huge.bin'), 8_000_000_000);
      await refresh(page, 'local');
      await upload(page, 'huge.bin');
      await finished(page, 'running');
      await atATime(page, 1);
      for (const name of names) await upload(page, name);
      await expect.poll(() => states(page), patience).toEqual(['running', 'queued', 'queued', 'queued']);

      await list(page, 'local').focus();
      await page.keyboard.press('F6');
      await page.keyboard.press('F6');
      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Transfers');
      for (const key of ['End', 'Alt+ArrowUp', 'Alt+Home']) await page.keyboard.press(key);
      await expect.poll(() => order(page), patience).toEqual(['third.bin', 'huge.bin', 'first.bin', 'second.bin']);
      await transfers(page).first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: /Start last/ }).waitFor(patience);
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'hidden' });
      await page.getByRole('grid', { name: 'Transfers' }).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await expect.poll(() => states(page), patience).toEqual(['done', 'paused', 'done', 'done']);
      const part = partIn(there, ['large.bin', 'one', 'two', ...names])!;
      // Nothing tells that no more bytes come. A running upload writes many times in this time.
      await page.waitForTimeout(500);
      expect(partIn(there, ['large.bin', 'one', 'two', ...names])).toEqual(part);
      await page.keyboard.press('Space');
      await stateBecomes(page, 1, 'running');
      await page.keyboard.press('Delete');
      await stateBecomes(page, 1, 'cancelled');
      await expect.poll(() => readdirSync(there).sort(), patience).toEqual(['large.bin', 'one', 'two', ...names].sort());
      await atATime(page, 2);
      await clearFinished(page);
      rmSync(join(here, 'huge.bin'));
    });

    test('a transfer goes on while its tab is closed, and over the death of the app', async () => {
      const { page } = app;
      rmSync(join(there, 'large.bin'));
      const before = readdirSync(there);
      await upload(page, 'large.bin');
      await finished(page, 'running');
      await page.keyboard.press('Control+Shift+W');
      await expect.poll(() => page.getByRole('grid', { name: 'Transfers' }).count()).toBe(0);
      await expect.poll(() => (partIn(there, before)?.size ?? 0) > 20 * mb, { ...patience, interval: 5 }).toBe(true);
      await app.kill();
      expect(readdirSync(there)).not.toContain('large.bin');
      app = await launch(host, { home });
      await expect.poll(() => readdirSync(there), { timeout: 90_000 }).toContain('large.bin');
      expect(digestOf(join(there, 'large.bin'))).toBe(digestOf(join(here, 'large.bin')));
      expect(readdirSync(there).sort()).toEqual([...before, 'large.bin'].sort());
      await app.page.keyboard.press('Control+Shift+J');
      await finished(app.page);
    });
  });
}

async function stateBecomes(page: Page, index: number, state: string): Promise<void> {
  await expect.poll(async () => (await states(page))[index], patience).toBe(state);
}
