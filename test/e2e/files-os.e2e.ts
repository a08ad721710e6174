import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Inspector, inspect } from '../support/inspector.ts';
import { type App, hosts, launch, newHome } from './app.ts';
import { browseFiles, clearFinished, finished, goTo, patience, refresh, row } from './files-person.ts';
import { settleIn } from './person.ts';
import { workplace } from './workplace.ts';

/** Writes down what the app asks of the OS, which shows nothing here: the bar of its window, and notifications. */
const watchTheOs = `
  const { BrowserWindow, Notification } = process.getBuiltinModule('module').createRequire(process.cwd() + '/')('electron');
  globalThis.asked = { bar: [], notices: [], drags: [], focused: true };
  BrowserWindow.getAllWindows()[0].webContents.startDrag = ({ files, icon }) => void asked.drags.push({ files, icon: icon.getSize() });
  BrowserWindow.prototype.setProgressBar = (...given) => void asked.bar.push(given);
  BrowserWindow.prototype.isFocused = () => asked.focused;
  Notification.isSupported = () => true;
  Notification.prototype.show = function () { asked.notices.push(this); };
  true`;

describe.skipIf(!hosts.electron)('what the OS shows of transfers, in the electron host', () => {
  const { facts, folders } = workplace();
  let app: App;
  let main: Inspector;
  let here: string;
  let there: string;
  beforeAll(async () => {
    ({ here, there } = folders());
    writeFileSync(join(here, 'large.bin'), '');
    truncateSync(join(here, 'large.bin'), 200_000_000);
    app = await launch('electron', { home: newHome(), args: ['--inspect=127.0.0.1:0'] });
    main = await inspect(app.output());
    await main.evaluate(`{${watchTheOs}}`);
    const { page } = app;
    await settleIn(page, facts());
    await browseFiles(page, 'demo-openssh');
    await goTo(page, 'local', here);
    await goTo(page, 'remote', there);
  });
  afterAll(async () => {
    main?.close();
    await app?.kill();
  });
  const bar = () => main.evaluate<[number][]>('asked.bar');
  const notices = () => main.evaluate<string[]>('asked.notices.map(({ title, body }) => title + ": " + body)');

  test('the bar of the window grows and goes away; nobody who looks on is told of a short transfer', async () => {
    const { page } = app;
    await row(page, 'local', 'large.bin').click();
    await page.keyboard.press('F5');
    await finished(page);
    await expect.poll(async () => (await bar()).at(-1), patience).toEqual([-1]);
    const shown = (await bar()).map(([value]) => value).slice(0, -1);
    expect(shown.length).toBeGreaterThan(2);
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    for (const value of shown) expect(value >= 0 && value <= 1).toBe(true);
    expect(await notices()).toEqual([]);
    await clearFinished(page);
  });

  test('files of this computer are dragged out by the OS while Ctrl is held; those of the server are explained', async () => {
    const { page } = app;
    const dragOut = async (side: 'local' | 'remote') => {
      const box = (await row(page, side, 'large.bin').boundingBox())!;
      await page.keyboard.down('Control');
      await page.mouse.move(box.x + 60, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + 90, box.y + 40, { steps: 5 });
      await page.mouse.up();
      await page.keyboard.up('Control');
    };
    await dragOut('local');
    await expect.poll(() => main.evaluate('asked.drags'), patience).toEqual([{ files: [join(here, 'large.bin')], icon: { width: 32, height: 32 } }]);
    await dragOut('remote');
    await page.getByText('The OS takes files only from this computer').waitFor(patience);
    expect(await main.evaluate('asked.drags.length')).toBe(1);
  });

  test('while nobody looks the end is told, and a click shows the transfers', async () => {
    const { page } = app;
    await main.evaluate('asked.focused = false');
    writeFileSync(join(here, 'small.txt'), 'small');
    await refresh(page, 'local');
    await row(page, 'local', 'small.txt').click();
    await page.keyboard.press('F5');
    await finished(page);
    await expect.poll(notices, patience).toEqual([`Upload done: small.txt is in ${there} on root@demo-openssh`]);
    await page
      .getByRole('tab', { name: /slipway.test/ })
      .first()
      .click();
    await expect.poll(() => page.getByRole('grid', { name: 'Transfers' }).isVisible()).toBe(false);
    await main.evaluate('asked.notices[0].emit("click")');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')), patience).toBe('Transfers');
  });
});
