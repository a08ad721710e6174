import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { freePort } from '../support/free-port.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Flags that keep Chromium quiet on a machine without a network, and let it run as root. */
export const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** The hosts that this machine can run; the names stand in the tests' titles. */
export const hosts = {
  electron: process.env.SLIPWAY_ELECTRON,
  browser: process.env.SLIPWAY_CHROMIUM,
} as const;
export type HostName = keyof typeof hosts;

/** A running app with its one page. */
export interface App {
  page: Page;
  /** Standard output and error of the app's process. */
  output(): string;
  /** Ends it as a person would, by closing the window, and waits for the process. */
  close(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface LaunchOptions {
  /** Data folder; the same one twice is a restart. */
  home: string;
  args?: string[];
  env?: Record<string, string>;
  size?: { width: number; height: number };
  /** A packaged app's executable instead of the runtime with this checkout. */
  executable?: string;
}

export function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
}

export function launch(host: HostName, options: LaunchOptions): Promise<App> {
  return host === 'electron' ? launchElectron(options) : launchBrowser(options);
}

async function launchElectron({ home, args = [], env = {}, size, executable }: LaunchOptions): Promise<App> {
  const port = await freePort();
  const program = executable ?? hosts.electron!;
  const started = start(program, [...quiet, `--remote-debugging-port=${port}`, ...(executable ? [] : [root]), ...args], {
    ...env,
    SLIPWAY_HOME: home,
  });
  const { browser, page } = await attachToElectron(port, started);
  if (size) await page.setViewportSize(size);
  return wrap(page, started, browser, async () => {
    await page.evaluate(() => window.close()).catch(() => undefined); // the page goes away while it answers
    // The window stays while sessions are running in it, until the person agrees.
    const agree = page.getByRole('button', { name: 'Close Slipway' });
    await Promise.race([started.ended, agree.click({ timeout: 5000 }).catch(() => undefined)]);
  });
}

/** What the OS does with a link outside macOS: starts the app once more with it. That one hands it to the app that runs, and ends. */
export async function openLinkByOs(home: string, link: string): Promise<void> {
  const { ended } = start(hosts.electron!, [...quiet, root, link], { SLIPWAY_HOME: home });
  await ended;
}

/** The window of an Electron app that was started with this debugging port; its page's address begins with `scheme`. */
export async function attachToElectron(port: number, started: Started, scheme = 'slipway-app:'): Promise<{ browser: Browser; page: Page }> {
  const browser = await retry(() => chromium.connectOverCDP(`http://127.0.0.1:${port}`), started);
  const page = await retry(async () => {
    const found = browser
      .contexts()[0]
      ?.pages()
      .find((candidate) => candidate.url().startsWith(scheme));
    if (!found) throw new Error('the window is not there yet');
    return found;
  }, started);
  return { browser, page };
}

async function launchBrowser({ home, args = [], env = {}, size = { width: 1280, height: 720 } }: LaunchOptions): Promise<App> {
  const started = start(process.execPath, ['out/browser-host.js', ...args], { ...env, SLIPWAY_HOME: home });
  const url = await retry(async () => {
    const found = /http:\/\/(?:127\.0\.0\.1|localhost):\d+\/\S*/.exec(started.output())?.[0];
    if (!found) throw new Error('the browser host has not printed its address yet');
    return found;
  }, started);
  const browser = await chromium.launch({ executablePath: hosts.browser!, args: [...quiet, '--disable-gpu'] });
  const context = await browser.newContext({ viewport: size, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(url);
  return wrap(page, started, browser, async () => {
    started.child.kill('SIGTERM');
  });
}

export interface Started {
  child: ChildProcess;
  output(): string;
  ended: Promise<void>;
}

/** A process with what it says; `env` is added to this one's. */
export function start(command: string, args: string[], env: Record<string, string>): Started {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output = (output + chunk).slice(-200_000)));
  return { child, output: () => output, ended: new Promise((resolve) => child.once('exit', () => resolve())) };
}

function wrap(page: Page, started: Started, browser: Browser, askToEnd: () => Promise<void>): App {
  const finish = async () => {
    const timer = setTimeout(() => started.child.kill('SIGKILL'), 10_000);
    await started.ended;
    clearTimeout(timer);
    await browser.close().catch(() => undefined); // the far end of a closed window's debugging port is gone already
  };
  return {
    page,
    output: started.output,
    close: async () => {
      await askToEnd();
      await finish();
    },
    kill: async () => {
      started.child.kill('SIGKILL');
      await finish();
    },
  };
}

async function retry<T>(action: () => Promise<T>, started: Started, timeout = 30_000): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (started.child.exitCode !== null || Date.now() > end) throw new Error(`the app did not come up: ${error}\n${started.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** The embedded cluster as a process of its own. `facts` is the line of JSON it prints when it is ready. */
export interface ClusterProcess<Facts> {
  facts: Facts;
  output(): string;
  close(): Promise<void>;
}

export async function startClusterProcess<Facts>(args: string[] = []): Promise<ClusterProcess<Facts>> {
  const started = start(process.execPath, ['out/test/cluster.js', ...args], {});
  const facts = await new Promise<Facts>((resolve, reject) => {
    createInterface({ input: started.child.stdout! }).on('line', (line) => {
      if (line.startsWith('{')) resolve(JSON.parse(line) as Facts);
    });
    void started.ended.then(() => reject(new Error(`the cluster ended\n${started.output()}`)));
  });
  return {
    facts,
    output: started.output,
    close: async () => {
      started.child.kill('SIGTERM');
      await started.ended;
    },
  };
}
