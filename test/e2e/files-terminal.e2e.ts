import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome } from './app.ts';
import { atFolder, clearFinished, digestOf, dropFromOs, finished, list, pane, patience, row } from './files-person.ts';
import { openServer, settleIn, terminalText, typeInTerminal } from './person.ts';
import { workplace } from './workplace.ts';

const { facts, folders } = workplace();

async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+P');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').fill(title);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

/** What the real sshd that holds this shell has running for the same connection. */
async function besideTheShell(page: Page, mark: string): Promise<string> {
  await typeInTerminal(page, `echo ${mark}-$(ps --ppid $PPID -o args= | tr '\\n' ';')-end\n`);
  let found = '';
  await expect
    .poll(async () => (found = new RegExp(`^${mark}-(.*?)-end`, 'ms').exec(await terminalText(page))?.[1] ?? ''), { timeout: 20_000 })
    .not.toBe('');
  return found.replaceAll('\n', '');
}

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`files beside a terminal in the ${host} host`, () => {
    let app: App;
    let here: string;
    let there: string;
    beforeAll(async () => {
      ({ here, there } = folders('a folder, there'));
      writeFileSync(join(here, 'dropped one.bin'), Buffer.alloc(300_000, 1));
      writeFileSync(join(here, 'dropped two.bin'), Buffer.alloc(700_000, 2));
      app = await launch(host, { home: newHome() });
      const { page } = app;
      await settleIn(page, facts());
      await openServer(page, 'demo-openssh', 'root');
    });
    afterAll(() => app?.kill());

    test('they stand below it from the folder that its shell is in, on its own connection', async () => {
      const { page } = app;
      await typeInTerminal(page, `cd '${there}' && printf '\\e]7;file://%s%s\\a' "$HOSTNAME" "$(pwd | sed 's/ /%20/g')"\n`);
      expect(await besideTheShell(page, 'before')).not.toContain('sftp');
      await runCommand(page, 'Show files beside the terminal');
      await list(page, 'remote').waitFor(patience);
      await atFolder(page, 'remote', there);
      expect(await page.locator('.xterm:visible').count()).toBe(1);
      expect(await besideTheShell(page, 'after')).toContain('internal-sftp');
      expect(await page.getByRole('dialog').count()).toBe(0);
    });

    test('a tab of files opens there too, by the key and from the menu of the terminal', async () => {
      const { page } = app;
      await page.locator('.xterm:visible textarea').focus();
      await page.keyboard.press('Control+Shift+B');
      await page
        .getByRole('tab', { name: /root@demo-openssh/ })
        .nth(1)
        .waitFor();
      await atFolder(page, 'remote', there);
      expect(await page.locator('.xterm:visible').count()).toBe(0);
      await page.keyboard.press('Control+Shift+W');
      await page.locator('.xterm:visible').click({ button: 'right' });
      await page.getByRole('menuitem', { name: /Browse files here/ }).click();
      await atFolder(page, 'remote', there);
      expect(await page.locator('.xterm:visible').count()).toBe(0);
      await page.keyboard.press('Control+Shift+W');
      await page.locator('.xterm:visible').waitFor();
    });

    test('files of the local pane that are dropped on the terminal are uploaded into its folder', async () => {
      const { page } = app;
      await list(page, 'local').focus();
      await page.keyboard.press('Control+Shift+L');
      await pane(page, 'local').getByRole('combobox').fill(here);
      await page.keyboard.press('Enter');
      await row(page, 'local', 'dropped one.bin').dragTo(page.locator('.xterm:visible'));
      await finished(page);
      expect(digestOf(join(there, 'dropped one.bin'))).toBe(digestOf(join(here, 'dropped one.bin')));
      await row(page, 'remote', 'dropped one.bin').waitFor(patience);
      await clearFinished(page);
    });

    test('files of the server that are dropped on the terminal are typed as one word, and nothing runs', async () => {
      const { page } = app;
      await typeInTerminal(page, 'clear; wc -c ');
      await row(page, 'remote', 'dropped one.bin').dragTo(page.locator('.xterm:visible'));
      await expect.poll(async () => (await terminalText(page)).replaceAll('\n', ''), patience).toContain(`'${there}/dropped one.bin'`);
      expect(await terminalText(page)).not.toContain('300000');
      await page.locator('.xterm:visible textarea').focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => terminalText(page), patience).toContain('300000');
    });

    test('files of another program that are dropped on the terminal: uploaded in Electron, explained in a browser', async () => {
      const { page } = app;
      await dropFromOs(page, page.locator('.xterm:visible'), [join(here, 'dropped two.bin')]);
      if (host === 'browser') {
        await page.getByText('A browser does not tell where dropped files are').waitFor(patience);
        return;
      }
      await finished(page);
      expect(readFileSync(join(there, 'dropped two.bin')).equals(readFileSync(join(here, 'dropped two.bin')))).toBe(true);
      await clearFinished(page);
    });

    test('files of another program that are dropped on the pane of the server, too', async () => {
      const { page } = app;
      rmSync(join(there, 'dropped two.bin'), { force: true });
      await dropFromOs(page, list(page, 'remote'), [join(here, 'dropped two.bin')]);
      if (host === 'browser') {
        await page.getByText('A browser does not tell where dropped files are').first().waitFor(patience);
        return;
      }
      await finished(page);
      expect(digestOf(join(there, 'dropped two.bin'))).toBe(digestOf(join(here, 'dropped two.bin')));
    });
  });
}
