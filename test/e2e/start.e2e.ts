import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { hosts, newHome } from './app.ts';
import { openServer, terminalText, typeInTerminal } from './person.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe.skipIf(!hosts.browser)('npm start where there is no Electron', () => {
  let started: ChildProcess;
  let browser: Browser;
  let output = '';
  beforeAll(async () => {
    started = spawn(process.execPath, ['build/start.mjs', '--browser'], { cwd: root, env: { ...process.env, SLIPWAY_HOME: newHome() } });
    for (const stream of [started.stdout!, started.stderr!]) stream.on('data', (chunk) => (output += chunk));
    await waitUntil(() => /Slipway is open at http:\S+/.test(output), 'the address of the browser host', 90_000);
    browser = await chromium.launch({ executablePath: hosts.browser!, args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser?.close();
    const ended = new Promise((resolve) => started?.once('exit', resolve));
    if (started?.kill('SIGTERM')) await ended;
  });

  test('it says where it runs, offers its cluster, and what it prints is enough to get a shell', async () => {
    expect(output).toContain('browser host');
    const page = await browser.newPage();
    await page.goto(/Slipway is open at (http:\S+)/.exec(output)![1]!);
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
