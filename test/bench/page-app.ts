import type { Page } from 'playwright-core';
import type { Document } from '../../shared/model/document.ts';
import { leafOf } from '../../shared/model/pane-tree.ts';
import { type App, type HostName, hosts, launch } from '../e2e/app.ts';
import { CannotRun, needs, pause } from './row.ts';
import type { BenchSetup } from './setup.ts';

/** The app in the browser host with these tabs, on the home of the benchmark: whoever is logged in there is. */
export function openInBrowser(bench: AppBench, documents: readonly Document[], env: Record<string, string> = {}): Promise<App> {
  needs(hosts.browser, 'Chromium');
  return openApp('browser', bench, documents, env);
}

/** The same in Electron, with the session host in a process of its own. */
export function openInElectron(bench: AppBench, documents: readonly Document[]): Promise<App> {
  needs(hosts.electron, 'Electron, or a display for it,');
  return openApp('electron', bench, documents);
}

type AppBench = Pick<BenchSetup, 'main' | 'home'>;

async function openApp(host: HostName, bench: AppBench, documents: readonly Document[], env: Record<string, string> = {}): Promise<App> {
  await bench.main.call('telemetry.decide', { answer: 'decline' });
  const tabs = documents.map((document) => ({ id: document.id, root: leafOf(document), focus: document.id }));
  await bench.main.call('workspace.save', { tabs, active: documents[0]!.id });
  return launch(host, { home: bench.home, env });
}

export function terminalOn(bench: BenchSetup, hostname: string, id: string): Document {
  return { kind: 'ssh', id, target: bench.target(hostname), origin: 'reopened_session' };
}

/** Clicks the nth tab with a terminal and waits until its shell has written something. */
export async function showTerminal(page: Page, nth: number): Promise<void> {
  await page.getByRole('tab').nth(nth).click();
  const rows = page.locator('.xterm:visible .xterm-rows');
  await rows.waitFor();
  const deadline = Date.now() + 30_000;
  while (!/\S/.test((await rows.textContent()) ?? '')) {
    if (Date.now() > deadline) throw new Error('the shell did not start');
    await pause(50);
  }
  if ((await page.locator('.xterm:visible canvas').count()) > 0)
    throw new CannotRun('the page draws with the GPU here; this row compares the DOM renderer');
  await page.locator('.xterm:visible textarea').focus();
}

export async function typeLine(page: Page, line: string): Promise<void> {
  await page.locator('.xterm:visible textarea').focus();
  await page.keyboard.insertText(line);
  await page.keyboard.press('Enter');
}
