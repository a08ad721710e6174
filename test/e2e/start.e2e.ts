import { dirname } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { waitUntil } from '../support/wait-until.ts';
import { attachToElectron, type HostName, hosts, newHome, quiet, type Started, start } from './app.ts';
import { openServer, terminalText, typeInTerminal } from './person.ts';

let started: Started | undefined;
let browser: Browser | undefined;
afterEach(async () => {
  await browser?.close().catch(() => undefined); // Electron may have gone already
  started?.child.kill('SIGTERM');
  await started?.ended;
});

/** `npm start` without npm, as the host would be found on this machine, and its window. */
async function npmStart(host: HostName): Promise<Page> {
  const port = await freePort();
  const electron = host === 'electron';
  const args = electron ? [`--remote-debugging-port=${port}`, ...quiet] : ['--browser'];
  started = start(process.execPath, ['build/start.mjs', ...args], {
    SLIPWAY_HOME: newHome(),
    ...(electron ? { ELECTRON_OVERRIDE_DIST_PATH: dirname(hosts.electron!) } : {}),
  });
  const said = electron ? /Opening Slipway in Electron/ : /Slipway is open at http:\S+/;
  await waitUntil(() => said.test(started!.output()), 'the line that says where it runs', 90_000);
  if (electron) {
    const attached = await attachToElectron(port, started);
    browser = attached.browser;
    return attached.page;
  }
  browser = await chromium.launch({ executablePath: hosts.browser!, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  await page.goto(/Slipway is open at (http:\S+)/.exec(started.output())![1]!);
  return page;
}

describe.each([
  ['electron', 'in Electron'],
  ['browser', 'browser host'],
] as const)('npm start (%s)', (host, where) => {
  test.skipIf(!hosts[host])('it says where it runs, offers its cluster, and what it prints is enough to get a shell', async () => {
    const page = await npmStart(host);
    const output = started!.output();
    expect(output).toContain(where);
    // The browser host was asked for: nothing is missing.
    expect(output).not.toContain('There is no');
    await page.getByRole('dialog').getByRole('button', { name: 'Decline', exact: true }).click();
    // The cluster's address was given: the person only decides about its certificate.
    const fingerprint = /certificate is self-signed: (\S+)/.exec(output)![1]!;
    await page.getByText(fingerprint).waitFor();
    await page.getByLabel(/compared the fingerprint/).check();
    await page.getByRole('button', { name: 'Trust this certificate' }).click();
    await page.getByLabel('Username').fill('alice');
    await page.getByLabel('Password', { exact: true }).fill(/alice\s+password (\S+)/.exec(output)![1]!);
    await page
      .getByRole('button', { name: /continue|log in|next/i })
      .last()
      .click();
    const codes = /curl (http:\S+\/totp\/alice)/.exec(output)![1]!;
    await page.getByLabel('Authentication code').fill(/\d{6}/.exec(await (await fetch(codes)).text())![0]);
    await openServer(page, 'demo-server', 'root');
    await typeInTerminal(page, 'echo $((6*7))\n');
    await expect.poll(() => terminalText(page), { timeout: 20_000 }).toMatch(/\n42\b/);
  });
});
