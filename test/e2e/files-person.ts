import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What a person does in the view of files, found by what a person sees. */
export type SideName = 'local' | 'remote';

export const patience = { timeout: 30_000 };
export const pane = (page: Page, side: SideName) => page.locator(`[data-side="${side}"]:visible`);
export const list = (page: Page, side: SideName) => pane(page, side).getByRole('grid');
export const row = (page: Page, side: SideName, name: string) =>
  list(page, side)
    .getByRole('row')
    .filter({ has: page.getByText(name, { exact: true }) });
export const transfers = (page: Page) => page.getByRole('grid', { name: 'Transfers' }).getByRole('row');

/** From the row of a server in the list of resources to its files. */
export async function browseFiles(page: Page, server: string, login = 'root'): Promise<void> {
  await page.getByRole('searchbox').fill(server);
  await page.getByRole('button', { name: `Browse files of ${server}` }).click();
  const choice = page.getByRole('menuitem', { name: login, exact: true });
  await choice.or(pane(page, 'remote')).first().waitFor();
  if (await choice.isVisible()) await choice.click();
  await list(page, 'remote').waitFor(patience);
}

export async function goTo(page: Page, side: SideName, path: string): Promise<void> {
  await list(page, side).focus();
  await page.keyboard.press('Control+Shift+L');
  const field = pane(page, side).getByRole('combobox');
  await field.fill(path);
  await field.press('Enter');
  await atFolder(page, side, path);
}

/** Waits until a side shows this folder. */
export const atFolder = (page: Page, side: SideName, path: string) =>
  pane(page, side)
    .getByRole('grid', { name: new RegExp(`, ${path}$`) })
    .waitFor(patience);

export async function refresh(page: Page, side: SideName): Promise<void> {
  await list(page, side).focus();
  await page.keyboard.press('Control+F5');
}

export async function clearFinished(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await expect.poll(() => transfers(page).count(), patience).toBe(0);
}

export async function finished(page: Page, state = 'done', timeout = patience.timeout): Promise<Locator> {
  const one = transfers(page).first();
  await expect.poll(() => one.getAttribute('data-state'), { timeout }).toBe(state);
  return one;
}

export const digestOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Every path below a folder with what it is: links with where they lead, files with mode and digest. A Teleport node stores the targets of links absolute. */
export function digest(folder: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(folder, below)).sort()) {
    const path = join(below, name);
    const full = join(folder, path);
    const stat = lstatSync(full);
    if (stat.isSymbolicLink()) found[path] = `link to ${relative(folder, resolve(dirname(full), readlinkSync(full)))}`;
    else if (stat.isDirectory()) Object.assign(found, { [path]: 'folder' }, digest(folder, path));
    else found[path] = `${(stat.mode & 0o777).toString(8)} ${digestOf(full)}`;
  }
  return found;
}

/** Lets go of another program's files over the middle of an element, as the OS would. */
export async function dropFromOs(page: Page, over: Locator, files: readonly string[]): Promise<void> {
  const box = (await over.boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files: [...files], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at });
  await session.detach();
}
