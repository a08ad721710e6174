import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { browseFiles, finished, goTo, patience, refresh, row } from './files-person.ts';
import { addCluster, answerConsent, type ClusterFacts, logIn } from './person.ts';

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
let work: string;
let app: App;

/** What Chromium tells a screen reader of the page. */
interface Heard {
  role: string;
  name: string;
  value: string;
  description: string;
  states: Record<string, unknown>;
}

async function heard(page: Page): Promise<Heard[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  return nodes
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, value, description, properties }) => ({
      role: String(role?.value),
      name: String(name?.value ?? ''),
      value: String(value?.value ?? ''),
      description: String(description?.value ?? ''),
      states: Object.fromEntries((properties ?? []).map((each) => [each.name, each.value.relatedNodes ?? each.value.value])),
    }));
}

const controls = ['button', 'textbox', 'checkbox', 'combobox', 'grid', 'dialog', 'tab', 'menu', 'menuitem', 'progressbar', 'columnheader', 'table'];
const nameless = async (page: Page) => (await heard(page)).filter(({ role, name }) => controls.includes(role) && name.trim() === '');

const announced = (page: Page) => page.getByRole('status', { name: 'Transfers' });

describe.skipIf(!hosts.browser)('files as a screen reader hears them', () => {
  let here: string;
  let there: string;
  beforeAll(async () => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-reader-e2e-')));
    here = join(work, 'here');
    there = join(work, 'there');
    for (const folder of [here, there, join(here, 'folder')]) mkdirSync(folder);
    for (const name of ['a.txt', 'b.txt']) writeFileSync(join(here, name), 'text\n');
    cluster = await startClusterProcess<ClusterFacts>();
    app = await launch('browser', { home: newHome() });
    const { page } = app;
    await answerConsent(page, 'Decline');
    await addCluster(page, cluster.facts);
    await logIn(page, cluster.facts, 'alice');
    await browseFiles(page, 'demo-openssh');
    await goTo(page, 'local', here);
    await goTo(page, 'remote', there);
  });
  afterAll(async () => {
    await app?.kill();
    await cluster?.close();
    rmSync(work, { recursive: true, force: true });
  });

  test('the panes: a name each, the rows by name and kind, the chosen ones, and the row of the keyboard', async () => {
    const { page } = app;
    await row(page, 'local', 'a.txt').click();
    await page.keyboard.press('Shift+ArrowDown');
    const all = await heard(page);
    const grids = all.filter(({ role }) => role === 'grid');
    expect(grids.map(({ name }) => name)).toEqual([`This computer, ${here}`, expect.stringMatching(/^root@demo-openssh, .*there$/)]);
    expect(grids[0]!.states).toMatchObject({ focused: true, multiselectable: true });
    expect(grids[0]!.states.activedescendant).toHaveLength(1);
    const rows = all.filter(({ role, name }) => role === 'row' && /^(?:a|b)\.txt|^folder/.test(name));
    expect(rows.map(({ description, states }) => [description, states.selected])).toEqual([
      ['Folder', false],
      ['File', true],
      ['File', true],
    ]);
    expect(all.some(({ role, name }) => role === 'columnheader' && name === 'Size')).toBe(true);
  });

  test('no button, field, menu or dialog is without a name', async () => {
    const { page } = app;
    await row(page, 'local', 'a.txt').click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Permissions…' }).waitFor();
    expect(await nameless(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Permissions…' }).click();
    await page.getByRole('dialog', { name: 'Permissions of 2 items' }).waitFor();
    expect(await nameless(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(`This computer, ${here}`);
  });

  test('a transfer: its row and progress by name, its end and its question announced once', async () => {
    const { page } = app;
    await row(page, 'local', 'a.txt').click();
    await page.keyboard.press('F5');
    await finished(page);
    await expect.poll(() => announced(page).textContent(), patience).toMatch(/^Upload done\. a\.txt is in .*there on root@demo-openssh\.$/);
    const all = await heard(page);
    expect(all.find(({ role, name }) => role === 'row' && name.startsWith('Upload of a.txt to root@demo-openssh, '))).toBeDefined();
    expect(all.find(({ role, name }) => role === 'progressbar' && name === 'Progress of a.txt')!.value).toBe('100');
    writeFileSync(join(here, 'a.txt'), 'other text\n');
    await refresh(page, 'local');
    await row(page, 'local', 'a.txt').click();
    await page.keyboard.press('F5');
    await page.getByRole('dialog', { name: 'A file of this name is on the server already' }).waitFor(patience);
    await expect.poll(() => announced(page).textContent(), patience).toBe('The transfer of a.txt waits for your answer.');
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });
});
