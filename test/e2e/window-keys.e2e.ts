import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { addCluster, answerConsent, type ClusterFacts, logIn, terminalText, typeInTerminal } from './person.ts';

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
beforeAll(async () => {
  cluster = await startClusterProcess<ClusterFacts>();
});
afterAll(() => cluster?.close());

/** Ctrl+Shift+letter and then the text, `pauseMs` later: handed to the page without waiting for what it does with them. */
async function chordThenText(page: Page, letter: string, text: string, pauseMs: number): Promise<void> {
  const keyboard = await page.context().newCDPSession(page);
  const press = { key: letter, code: `Key${letter}`, windowsVirtualKeyCode: letter.charCodeAt(0), modifiers: 2 | 8 };
  const sent: Promise<unknown>[] = [
    keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...press }),
    keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...press }),
  ];
  // The pause between two keys of a person who types: the time itself is what is tried.
  if (pauseMs > 0) await page.waitForTimeout(pauseMs);
  for (const each of text) {
    const key = { key: each, code: `Key${each.toUpperCase()}`, windowsVirtualKeyCode: each.toUpperCase().charCodeAt(0) };
    sent.push(keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', text: each, ...key }));
    sent.push(keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key }));
  }
  await Promise.all(sent);
  await keyboard.detach();
}

/** What has the focus, in words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return 'nothing';
    if (element.classList.contains('xterm-helper-textarea')) return 'terminal';
    const labelled = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return element.getAttribute('aria-label') ?? labelled ?? element.textContent ?? element.tagName;
  });

/** Waits until the focus is there. */
const expectFocus = (page: Page, on: string | RegExp) =>
  expect.poll(() => focused(page), { timeout: 10_000 }).toMatch(typeof on === 'string' ? new RegExp(`^${on}( \\*)?$`) : on);

const fields = [
  ['P', 'Commands'],
  ['K', 'Connect to a server'],
  ['O', 'Filter connections'],
  ['F', 'Find in terminal'],
] as const;

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`keys and focus in the ${host} host`, () => {
    const home = newHome();
    let app: App;
    beforeAll(async () => {
      app = await launch(host, { home });
    });
    afterAll(() => app?.kill());

    test('after the questions of the first start the focus is on the page, not lost', async () => {
      await answerConsent(app.page, 'Decline');
      await expectFocus(app.page, /add a cluster/i);
    });

    test('each step of a login has the focus on its first empty field', async () => {
      const { page } = app;
      await addCluster(page, cluster.facts);
      await page.getByLabel('Username').waitFor();
      await expectFocus(page, 'Username');
      await logIn(page, cluster.facts, 'alice');
      await expectFocus(page, /Resources|Search/);
    });

    test.each([0, 60])('keys typed %i ms after the shortcut of a field are its own; Esc goes back to the shell', async (pause) => {
      const { page } = app;
      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page.getByRole('menuitem', { name: /New local terminal/ }).click();
      await typeInTerminal(page, 'echo ready-$((1+1))\n');
      await expect.poll(() => terminalText(page), { timeout: 20_000 }).toContain('ready-2');
      for (const [letter, name] of fields) {
        await chordThenText(page, letter, 'qzvwx', pause);
        const field = page.getByLabel(name, { exact: true }).and(page.locator('input'));
        await expect.poll(() => field.inputValue(), { timeout: 10_000 }).toBe('qzvwx');
        await page.keyboard.press('Escape');
        await field.waitFor({ state: 'hidden' });
        await expectFocus(page, 'terminal');
      }
      await page.keyboard.type('echo after-$((2+2))');
      await page.keyboard.press('Enter');
      await expect.poll(() => terminalText(page), { timeout: 20_000 }).toContain('after-4');
      expect(await terminalText(page)).not.toMatch(/[qzvwx]{2}/);
    });

    test('text and Enter typed at once after a shortcut run the command that was typed', async () => {
      const { page } = app;
      await chordThenText(page, 'P', 'diagnostics', 0);
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: 'Diagnostics' }).waitFor();
      await page.keyboard.press('Control+Shift+KeyW');
      await expectFocus(page, 'terminal');
    });

    test('menus give the focus back to the shell, by mouse and by keys', async () => {
      const { page } = app;
      for (const close of ['Escape', 'mouse'] as const) {
        await page.getByRole('button', { name: 'Menu', exact: true }).click();
        await page.getByRole('menuitem', { name: /Settings/ }).waitFor();
        if (close === 'Escape') await page.keyboard.press('Escape');
        else await page.locator('.xterm:visible').click();
        await expectFocus(page, 'terminal');
      }
      await page.locator('.xterm:visible').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Select all' }).click();
      await expectFocus(page, 'terminal');
      await page.getByRole('button', { name: /Switch cluster/ }).click();
      await page.getByRole('button', { name: 'Add a cluster…' }).waitFor();
      await page.keyboard.press('Escape');
      await expectFocus(page, 'terminal');
    });

    test('a dialog that is opened from a menu gives the focus back to where it was before the menu', async () => {
      const { page } = app;
      await page.getByRole('button', { name: /Switch cluster/ }).click();
      await page.getByRole('button', { name: 'Add a cluster…' }).click();
      await expectFocus(page, 'Address');
      await page.keyboard.press('Escape');
      await expectFocus(page, 'terminal');
    });
  });
}

describe.skipIf(!hosts.browser)('keys while code is on its way, in Chromium', () => {
  let app: App;
  beforeAll(async () => {
    app = await launch('browser', { home: newHome() });
    await answerConsent(app.page, 'Decline');
  });
  afterAll(() => app?.kill());

  test('they wait for the field, and nothing of them reaches the shell', async () => {
    const { page } = app;
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      void page.route('**/connection-panel*.js', async (route) => {
        resolve();
        await new Promise<void>((go) => (answer = go));
        await route.continue();
      });
    });
    await page.getByRole('button', { name: 'Open a local terminal' }).click();
    await typeInTerminal(page, 'echo ready-$((1+1))\n');
    await chordThenText(page, 'O', 'qzvwx', 0);
    await asked;
    await chordThenText(page, 'T', 'qz', 0);
    answer();
    await expect.poll(() => page.getByLabel('Filter connections').inputValue(), { timeout: 10_000 }).toBe('qzvwxqz');
    await page.keyboard.press('Escape');
    await expectFocus(page, 'terminal');
    expect(await terminalText(page)).not.toMatch(/[qzvwx]{2}/);
  });
});
