import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, hosts, launch, newHome } from './app.ts';
import { answerConsent, terminalText, typeInTerminal } from './person.ts';

describe.skipIf(!hosts.electron)('the walls around the page, in Electron', () => {
  const home = newHome();
  let app: App;
  beforeAll(async () => {
    app = await launch('electron', { home });
    await answerConsent(app.page, 'Decline');
  });
  afterAll(() => app?.kill());

  test('the page has no Node and no bridge but its ports', async () => {
    const found = await app.page.evaluate(() =>
      ['require', 'process', 'Buffer', 'electron', 'ipcRenderer', '__dirname'].filter((name) => name in globalThis),
    );
    expect(found).toEqual([]);
  });

  test('it cannot open windows, fetch from elsewhere or run code that is not the app’s', async () => {
    const refused = await app.page.evaluate(async () => {
      const tried: Record<string, boolean> = {};
      tried.fetch = await fetch('https://example.com/').then(
        () => false,
        () => true,
      );
      tried.window = window.open('https://example.com/') === null;
      // In a task of its own: the debugger's own evaluation is exempt from the policy.
      tried.eval = await new Promise<boolean>((resolve) =>
        setTimeout(() => {
          try {
            // biome-ignore lint/security/noGlobalEval: the policy must refuse it
            globalThis.eval('1');
            resolve(false);
          } catch {
            resolve(true);
          }
        }),
      );
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      tried.inline = !('inlineRan' in window);
      return tried;
    });
    expect(refused).toEqual({ fetch: true, window: true, eval: true, inline: true });
  });

  test('it is given no permission', async () => {
    const states = await app.page.evaluate(() =>
      Promise.all(
        ['geolocation', 'camera', 'microphone', 'midi'].map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            (status) => status.state,
            () => 'denied',
          ),
        ),
      ),
    );
    expect(states).not.toContain('granted');
  });

  test('app files are served from the app folder only', async () => {
    const statuses = await app.page.evaluate(() =>
      Promise.all(
        ['../main.js', '..%2fmain.js', '%2e%2e/package.json', '..%5cmain.js', 'assets/../../main.js', '/etc/passwd'].map((path) =>
          fetch(`slipway-app://app/${path}`).then(
            (response) => response.status,
            () => 0,
          ),
        ),
      ),
    );
    for (const status of statuses) expect(status).not.toBe(200);
  });

  test('when the session process dies, the window lives on and Enter reconnects in place', async () => {
    const { page } = app;
    await page.getByRole('button', { name: 'Open a local terminal' }).click();
    await typeInTerminal(page, 'echo before-$((1+1))\n');
    await expect.poll(() => terminalText(page), { timeout: 20_000 }).toContain('before-2');
    const pids = execFileSync('pgrep', ['-f', `utility-sub-type=node.mojom.NodeService.*${home}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
    const hint = page.getByText('Press Enter to reconnect.');
    await hint.waitFor({ timeout: 15_000 });
    // The process is started again after a moment; until then Enter finds nobody.
    await expect
      .poll(
        async () => {
          if (!(await hint.isVisible())) return true;
          await page.locator('.xterm:visible textarea').focus();
          await page.keyboard.press('Enter');
          return hint.waitFor({ state: 'hidden', timeout: 1000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 20_000 },
      )
      .toBe(true);
    await expect
      .poll(async () => (await terminalText(page)).split('\n').filter((line) => /[#$] ?$/.test(line)).length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    await typeInTerminal(page, 'echo after-$((2+2))\n');
    await expect.poll(() => terminalText(page), { timeout: 20_000 }).toContain('after-4');
  });

  test('it reaches nobody over WebRTC', async () => {
    const listener = createSocket('udp4');
    const packets: Buffer[] = [];
    listener.on('message', (bytes) => packets.push(bytes));
    await new Promise<void>((bound) => listener.bind(0, '127.0.0.1', bound));
    const candidates = await app.page.evaluate(
      (port) =>
        new Promise<string>((resolve) => {
          const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
          const found: string[] = [];
          peer.onicecandidate = ({ candidate }) => {
            if (candidate) found.push(candidate.candidate);
            else resolve(found.join('\n'));
          };
          peer.createDataChannel('x');
          void peer.createOffer().then((offer) => peer.setLocalDescription(offer));
        }),
      listener.address().port,
    );
    listener.close();
    expect(candidates).not.toMatch(/ udp /i);
    expect(packets).toEqual([]);
  });

  // Last: the driver waits for navigations that never come.
  test('it cannot leave, also not for an empty page', async () => {
    const { page } = app;
    for (const url of ['about:blank', 'about:srcdoc', 'https://example.com/']) {
      const left = await page.evaluate(async (target) => {
        const before = location.href;
        location.href = target;
        // The page learns nothing of a navigation that is refused; one that is not begins within this time.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return location.href !== before;
      }, url);
      expect([url, left]).toEqual([url, false]);
    }
  });
});
