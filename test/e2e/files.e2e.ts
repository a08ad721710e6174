import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, type HostName, hosts, launch, newHome } from './app.ts';
import { browseFiles, clearFinished, digest, finished, goTo, list, patience, refresh, row, transfers } from './files-person.ts';
import { settleIn } from './person.ts';
import { workplace } from './workplace.ts';

const { facts, folders } = workplace();

function plantTree(folder: string): void {
  mkdirSync(join(folder, 'tree/deep/er'), { recursive: true });
  mkdirSync(join(folder, 'tree/empty'));
  for (let index = 0; index < 40; index++) writeFileSync(join(folder, 'tree/deep', `file ${index}.bin`), randomBytes(index * 1000));
  writeFileSync(join(folder, 'tree/big.bin'), randomBytes(3_000_000));
  writeFileSync(join(folder, 'tree/deep/er/ünïcode – 漢字.txt'), 'text\n');
  writeFileSync(join(folder, 'tree/run.sh'), '#!/bin/sh\necho hello\n');
  chmodSync(join(folder, 'tree/run.sh'), 0o755);
  symlinkSync('big.bin', join(folder, 'tree/link'));
}

for (const host of Object.keys(hosts) as HostName[]) {
  for (const server of ['demo-openssh', 'demo-server']) {
    describe.skipIf(!hosts[host])(`files of ${server} in the ${host} host`, () => {
      let app: App;
      let here: string;
      let there: string;
      beforeAll(async () => {
        ({ here, there } = folders());
        mkdirSync(join(here, 'back'));
        plantTree(here);
        app = await launch(host, { home: newHome() });
      });
      afterAll(() => app?.kill());

      test('opened from the row of the server, at its home folder', async () => {
        const { page } = app;
        await settleIn(page, facts());
        await browseFiles(page, server);
        await goTo(page, 'local', here);
        await goTo(page, 'remote', there);
      });

      test('a tree goes up by keyboard and is the same there', async () => {
        const { page } = app;
        await row(page, 'local', 'tree').click();
        await page.keyboard.press('F5');
        await finished(page);
        expect(digest(join(there, 'tree'))).toEqual(digest(join(here, 'tree')));
        await row(page, 'remote', 'tree').waitFor();
        await clearFinished(page);
      });

      test('the menu of a row opens by key and does what is chosen in it', async () => {
        const { page } = app;
        await row(page, 'local', 'tree').click();
        for (const key of ['ContextMenu', 'Shift+F10']) {
          await page.keyboard.press(key);
          await page.getByRole('menuitem', { name: /^New folder/ }).waitFor();
          await page.keyboard.press('Escape');
          await page.getByRole('menu').waitFor({ state: 'detached' });
          await expect.poll(() => list(page, 'local').evaluate((grid) => grid === document.activeElement)).toBe(true);
        }
        await page.keyboard.press('ContextMenu');
        await page.getByRole('menuitem', { name: /^Upload to/ }).press('Enter');
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      });

      test('a tree comes down by dragging and is the same here', async () => {
        const { page } = app;
        await row(page, 'remote', 'tree').dragTo(row(page, 'local', 'back'));
        await finished(page);
        expect(digest(join(here, 'back/tree'))).toEqual(digest(join(there, 'tree')));
        await clearFinished(page);
      });

      test('a tree comes down to another folder than the pane shows', async () => {
        const { page } = app;
        mkdirSync(join(here, 'elsewhere'));
        await row(page, 'remote', 'tree').click();
        await page.keyboard.press('Shift+F5');
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Folder on this computer').fill(join(here, 'not there'));
        await page.keyboard.press('Enter');
        await dialog.getByRole('alert').waitFor(patience);
        await dialog.getByLabel('Folder on this computer').fill('elsewhere');
        await page.keyboard.press('Enter');
        await dialog.waitFor({ state: 'hidden' });
        await finished(page);
        expect(digest(join(here, 'elsewhere/tree'))).toEqual(digest(join(there, 'tree')));
        rmSync(join(here, 'elsewhere'), { recursive: true });
        await clearFinished(page);
      });

      test('files that are there already are asked about, once for all', async () => {
        const { page } = app;
        writeFileSync(join(there, 'tree/run.sh'), 'changed there');
        writeFileSync(join(there, 'tree/deep/file 3.bin'), 'changed there too');
        await row(page, 'local', 'tree').click();
        await page.keyboard.press('F5');
        const dialog = page.getByRole('dialog');
        await dialog.waitFor(patience);
        await dialog.getByLabel(/for all others/).check();
        await dialog.getByRole('button', { name: 'Skip' }).click();
        await dialog.waitFor({ state: 'hidden' });
        await finished(page);
        expect(readFileSync(join(there, 'tree/run.sh'), 'utf8')).toBe('changed there');
        await clearFinished(page);

        await row(page, 'local', 'tree').click();
        await page.keyboard.press('F5');
        await dialog.waitFor(patience);
        await dialog.getByLabel(/for all others/).check();
        await dialog.getByRole('button', { name: 'Overwrite', exact: true }).click();
        await finished(page);
        expect(digest(join(there, 'tree'))).toEqual(digest(join(here, 'tree')));
        await clearFinished(page);
      });

      test('a cancelled transfer leaves nothing half done', async () => {
        const { page } = app;
        writeFileSync(join(here, 'huge.bin'), '');
        truncateSync(join(here, 'huge.bin'), 4_000_000_000);
        await refresh(page, 'local');
        await row(page, 'local', 'huge.bin').click();
        await page.keyboard.press('F5');
        await expect.poll(() => transfers(page).first().getAttribute('data-state'), patience).toBe('running');
        await transfers(page)
          .first()
          .getByRole('button', { name: /^Cancel/ })
          .click();
        await finished(page, 'cancelled');
        await expect.poll(() => readdirSync(there), patience).toEqual(['tree']);
        rmSync(join(here, 'huge.bin'));
        await clearFinished(page);
      });

      test('a remote file is edited here, saved there, and a change on both sides is asked about', async () => {
        const { page } = app;
        writeFileSync(join(there, 'notes.txt'), 'first\n');
        await refresh(page, 'remote');
        await row(page, 'remote', 'notes.txt').click();
        await page.keyboard.press('F4');
        const edits = page.getByRole('region', { name: 'Files open in an editor' });
        await edits.getByText(/Open in your editor/).waitFor(patience);
        const copy = (await edits.locator('[title]').first().getAttribute('title'))!.split('\n').at(-1)!;
        writeFileSync(copy, 'second\n');
        await expect.poll(() => readFileSync(join(there, 'notes.txt'), 'utf8'), patience).toBe('second\n');
        await edits.getByText(/Saved on the server/).waitFor(patience);

        writeFileSync(join(there, 'notes.txt'), 'somebody else was here\n');
        writeFileSync(copy, 'third\n');
        await edits.getByText(/changed on the server/).waitFor(patience);
        expect(readFileSync(join(there, 'notes.txt'), 'utf8')).toBe('somebody else was here\n');
        await edits.getByRole('button', { name: 'Save mine over it' }).click();
        await expect.poll(() => readFileSync(join(there, 'notes.txt'), 'utf8'), patience).toBe('third\n');
        await edits.getByRole('button', { name: /^Stop editing/ }).click();
        await expect.poll(() => existsSync(copy), patience).toBe(false);
      });

      test('folders are made, renamed, given permissions and deleted with their count', async () => {
        const { page } = app;
        await list(page, 'remote').focus();
        await page.keyboard.press('F7');
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('made');
        await dialog.getByRole('button', { name: 'Create' }).click();
        await row(page, 'remote', 'made').waitFor(patience);
        expect(lstatSync(join(there, 'made')).isDirectory()).toBe(true);

        await row(page, 'remote', 'made').click();
        await page.keyboard.press('F2');
        await dialog.getByLabel('Name').fill('renamed');
        await dialog.getByRole('button', { name: 'Rename' }).click();
        await row(page, 'remote', 'renamed').waitFor(patience);
        expect(readdirSync(there)).toContain('renamed');

        await row(page, 'remote', 'renamed').click({ button: 'right' });
        await page.getByRole('menuitem', { name: 'Permissions' }).click();
        await dialog.getByLabel('As a number').fill('0700');
        await dialog.getByRole('button', { name: 'Set permissions' }).click();
        await expect.poll(() => lstatSync(join(there, 'renamed')).mode & 0o777, patience).toBe(0o700);
        await dialog.waitFor({ state: 'hidden' });

        await row(page, 'remote', 'tree').click();
        await page.keyboard.press('Delete');
        await dialog.getByText(/43 files, 4 folders and 1 link/).waitFor(patience);
        await dialog.getByRole('button', { name: /^Delete 48 items/ }).click();
        await expect.poll(() => existsSync(join(there, 'tree')), patience).toBe(false);
      });
    });
  }
}
