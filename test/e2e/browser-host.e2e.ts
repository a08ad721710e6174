import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hosts, launch, newHome, start } from './app.ts';
import { answerConsent } from './person.ts';

/** A port of another user of this computer: it prints its number, then the head of each request that it gets. */
async function strangersPort() {
  const script = `const s = require('net').createServer((c) => c.on('error', () => {}).once('data', (d) => { console.log(JSON.stringify(String(d))); c.end('HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<title>stranger</title>'); }));
    s.listen(0, '127.0.0.1', () => console.log(s.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { uid: 65534, gid: 65534, cwd: '/', env: {} });
  const lines: string[] = [];
  child.stdout.on('data', (bytes) => lines.push(...String(bytes).trim().split('\n')));
  await once(child.stdout, 'data');
  return { port: Number(lines[0]), heads: () => lines.slice(1).map((line) => JSON.parse(line) as string), close: () => child.kill() };
}

/** What a WebSocket handshake of a program of this user is answered, with headers that it knows. */
function handshake(origin: string, headers: Record<string, string>): Promise<number> {
  const key = Buffer.alloc(16).toString('base64');
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key };
  return new Promise((resolve, reject) => {
    void import('node:http').then(({ request }) => {
      request(`${origin}/ipc/session`, { headers: { ...upgrade, Origin: origin, ...headers } })
        .on('response', ({ statusCode }) => resolve(statusCode!))
        .on('upgrade', () => resolve(101))
        .on('error', reject)
        .end();
    });
  });
}

describe.skipIf(!hosts.browser)('the browser host', () => {
  let app: App;
  let origin: string;
  beforeAll(async () => {
    app = await launch('browser', { home: newHome() });
    await answerConsent(app.page, 'Decline');
    origin = new URL(app.page.url()).origin;
  });
  afterAll(() => app?.kill());
  const addresses = () => app.output().match(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/g)!;
  const isOpen = (page = app.page) => page.getByRole('button', { name: 'Open a local terminal' }).first().waitFor({ timeout: 30_000 });
  const isRefused = (page = app.page) => page.getByText(/Open the newest address that Slipway printed/).waitFor({ timeout: 60_000 });

  test('a page goes on after a reload and in further tabs, and its address holds no token', async () => {
    const { page } = app;
    await isOpen();
    expect(page.url()).toBe(`${origin}/`);
    await page.reload();
    await isOpen();
    const second = await page.context().newPage();
    await second.goto(`${origin}/`);
    await isOpen(second);
    await second.reload();
    await isOpen(second);
    await second.close();
  });

  test('another browser is told what to do, and so is one with an address that was used', async () => {
    const other = await app.page.context().browser()!.newContext();
    const page = await other.newPage();
    await page.goto(`${origin}/`);
    await isRefused(page);
    await page.goto('about:blank');
    await page.goto(addresses()[0]!);
    await isRefused(page);
    await other.close();
  });

  test('another browser is let in by the newest address', async () => {
    const other = await app.page.context().browser()!.newContext();
    const page = await other.newPage();
    await page.goto(addresses().at(-1)!);
    await isOpen(page);
    expect(page.url()).toBe(`${origin}/`);
    await other.close();
  });

  test.skipIf(process.getuid?.() !== 0)('nothing that the browser sends to another user’s port opens anything', async () => {
    const stranger = await strangersPort();
    const page = await app.page.context().newPage();
    await page.goto(`http://127.0.0.1:${stranger.port}/`);
    await page.close();
    const [head = ''] = stranger.heads();
    expect(head).toMatch(/^GET \/ HTTP\/1\.1/);
    expect(head).not.toMatch(/cookie|slipway/i);
    stranger.close();
    expect(await app.page.context().cookies()).toEqual([]);
    const replayed = Object.fromEntries([...head.matchAll(/^(Cookie|Authorization): (.*)$/gim)].map(([, name, value]) => [name, value!.trim()]));
    expect(await handshake(origin, replayed)).toBe(403);
    // The page itself, with its key, is let in: so it is the key that was missing.
    const key = await app.page.evaluate(() => localStorage.getItem('slipway-page-key'));
    expect(await handshake(origin, { 'Sec-WebSocket-Protocol': `slipway, ${key}` })).toBe(101);
  });

  test('a folder or a port that cannot be had ends in one sentence', async () => {
    const run = async (home: string, args: string[] = []) => {
      const started = start(process.execPath, ['out/browser-host.js', ...args], { SLIPWAY_HOME: home });
      await started.ended;
      return started.output().trim();
    };
    expect(await run('/proc/slipway')).toMatch(/^Slipway cannot use its data folder \/proc\/slipway: .*SLIPWAY_HOME\.$/);
    expect(await run('/dev/null')).toMatch(/^Slipway cannot use its data folder \/dev\/null: a file stands in its place\. .*SLIPWAY_HOME\.$/);
    expect(await run(newHome(), [`--port=${new URL(origin).port}`])).toMatch(/^Port \d+ is used by another program\..*$/);
  });
});
