import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { have } from '../support/have.ts';
import { type App, type HostName, hosts, launch, newHome, startClusterProcess } from './app.ts';
import { type ClusterFacts, settleIn, terminalText, typeInTerminal } from './person.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const patience = { timeout: 30_000 };

let cluster: Awaited<ReturnType<typeof startClusterProcess<ClusterFacts>>>;
let web: Server;
beforeAll(async () => {
  cluster = await startClusterProcess<ClusterFacts>();
  web = createServer((_request, response) => response.end('behind the server')).listen(0, '127.0.0.1');
});
afterAll(async () => {
  web?.close();
  await cluster?.close();
});

/** Searches a resource and opens the ways to connect to it. */
async function connectTo(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { selected: false }).or(page.getByRole('tab')).first().click();
  await page.getByRole('searchbox').first().fill(name);
  await page
    .getByRole('button', { name: `Connect to ${name}`, exact: true })
    .first()
    .click();
}

const address = (page: Page) =>
  page
    .getByRole('tabpanel')
    .filter({ visible: true })
    .getByText(/^127\.0\.0\.1:\d+$/)
    .first();

for (const host of Object.keys(hosts) as HostName[]) {
  describe.skipIf(!hosts[host])(`local connections in the ${host} host`, () => {
    const home = newHome();
    const addresses = new Map<string, string>();
    let app: App;
    afterAll(() => app?.kill());

    test.skipIf(!have('psql') || !have('initdb'))('a database: from a click to the prompt of psql in a tab', async () => {
      app = await launch(host, { home });
      const { page } = app;
      await settleIn(page, cluster.facts);
      await connectTo(page, 'shop-postgres');
      const user = page.getByRole('textbox', { name: 'Database user' });
      const listed = page.getByRole('menuitem').first();
      await user.or(listed).first().waitFor();
      await listed.click();
      await address(page).waitFor(patience);
      addresses.set('shop-postgres', (await address(page).textContent()) ?? '');
      await page.getByRole('combobox', { name: 'Database', exact: true }).fill('shop');
      await page.getByRole('combobox', { name: 'Database', exact: true }).press('Enter');
      await page
        .getByText(/^postgres.*\/shop$/)
        .first()
        .waitFor(patience);
      await page.getByRole('button', { name: 'Run psql in a tab' }).click();
      await expect.poll(() => terminalText(page), patience).toMatch(/=[#>]\s*$/m);
      await typeInTerminal(page, 'select 6*7 as answer;\n');
      await expect.poll(() => terminalText(page), patience).toMatch(/\n\s*42\s*\n/);
    });

    test.skipIf(!have('curl'))('an app answers at its local address', async () => {
      const { page } = app;
      await connectTo(page, 'echo-web');
      await page.getByRole('menuitem', { name: /local address/ }).click();
      await address(page).waitFor(patience);
      const local = (await address(page).textContent()) ?? '';
      addresses.set('echo-web', local);
      const { stdout } = await run('curl', ['-s', '-m', '20', '-o', '/dev/null', '-w', '%{http_code}', `http://${local}/`]);
      expect(stdout).toBe('200');
    });

    test.skipIf(!have('kubectl'))('a Kubernetes cluster: kubectl in a terminal that has its kubeconfig', async () => {
      const { page } = app;
      await connectTo(page, 'demo-kube');
      await page.getByRole('menuitem', { name: /Open a terminal/ }).click();
      await typeInTerminal(page, 'kubectl get pods; echo code-$?\n');
      await expect.poll(() => terminalText(page), patience).toMatch(/NAME\s+READY[\s\S]*code-0/);
      await typeInTerminal(page, "clear; kubectl logs web-0 && kubectl exec web-1 -- sh -c 'echo in-$HOSTNAME'\n");
      await expect.poll(() => terminalText(page), patience).toMatch(/hello from web-0\n+in-web-1/);
      await typeInTerminal(page, 'clear; kubectl exec -it web-0 -- sh\n');
      await expect.poll(() => terminalText(page), patience).toMatch(/web-0# $|web-0#$/);
      await typeInTerminal(page, 'tty && echo rows-$(stty size | cut -d" " -f1)\n');
      await expect.poll(() => terminalText(page), patience).toMatch(/\/dev\/pts\/\d+\n+rows-[1-9]\d/);
      await typeInTerminal(page, 'exit\n');
    });

    test.skipIf(!have('curl'))('a port forward through a server carries a request', async () => {
      const { page } = app;
      await page.getByRole('tab').first().click();
      await page.getByRole('searchbox').first().fill('demo-server');
      await page.getByRole('button', { name: 'Connect to demo-server' }).first().click();
      const choice = page.getByRole('menuitem', { name: 'root', exact: true });
      if (
        await choice.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        )
      )
        await choice.click();
      const tab = page.getByRole('tab', { name: /root@demo-server/ });
      await tab.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Forward a port…' }).click();
      await page.getByLabel(/^To host/).fill('127.0.0.1');
      await page.getByLabel('To port').fill(String((web.address() as AddressInfo).port));
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await address(page).waitFor(patience);
      const local = (await address(page).textContent()) ?? '';
      addresses.set('forward', local);
      const { stdout } = await run('curl', ['-s', '-m', '20', `http://${local}/`]);
      expect(stdout).toBe('behind the server');
    });

    test.skipIf(!have('ssh'))('the command line lists, opens, and carries OpenSSH', async () => {
      const slipway = (...words: string[]) => run(process.execPath, ['out/cli.js', ...words, `--home=${home}`], { cwd: root, timeout: 30_000 });
      expect((await slipway('ls', 'demo-server', '--kind=server')).stdout).toMatch(/^node\tdemo-server/m);
      const through = await run(process.execPath, ['out/cli.js', 'ssh', 'root@demo-server', 'echo', 'from-$((40+2))'], {
        cwd: root,
        timeout: 40_000,
        env: { ...process.env, SLIPWAY_HOME: home },
      });
      expect(through.stdout).toContain('from-42');
      const before = await app.page.getByRole('tab').count();
      await slipway('open', 'root@demo-server');
      await expect.poll(() => app.page.getByRole('tab').count(), patience).toBe(before + 1);
      expect(JSON.parse((await slipway('ls', 'shop-postgres', '--json')).stdout)[0]).toMatchObject({ kind: 'db', name: 'shop-postgres' });
      await expect(slipway('open', 'db', 'no-such-database')).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^slipway: .+\n$/) });
      await expect(slipway('open', 'db', 'echo-mongo')).rejects.toMatchObject({ stderr: expect.stringContaining('--user=') });
      await expect(slipway('nonsense')).rejects.toMatchObject({ code: 2 });
    });

    test.skipIf(!have('ssh'))('the exported block in a configuration, as VS Code uses it, and the agent, log OpenSSH in', async () => {
      const { page } = app;
      const { stdout: block } = await run(process.execPath, ['out/cli.js', 'ssh-config', `--home=${home}`], { cwd: root });
      // As in ~/.ssh/config: hosts of one's own before the block, settings for all behind it.
      const config = join(home, 'ssh-config');
      const own = `Host pet\n  HostName demo-server.${cluster.facts.name}\n  User root\n`;
      writeFileSync(config, `${own}${block}Host *\n  ServerAliveInterval 30\n`, { mode: 0o600 });
      const ssh = async (...words: string[]) =>
        (await run('ssh', ['-F', config, '-o', 'BatchMode=yes', ...words], { timeout: 40_000, env: { ...process.env, SSH_AUTH_SOCK: '' } })).stdout;
      // VS Code's way: no terminal, a SOCKS forward beside, a shell that reads its script from the input.
      expect(
        await ssh(
          '-T',
          '-D',
          `127.0.0.1:${await freePort()}`,
          '-o',
          'ConnectTimeout=15',
          `root@demo-server.${cluster.facts.name}`,
          'echo block-$((40+2))',
        ),
      ).toBe('block-42\n');
      expect(await ssh('pet', 'echo pet-$((40+2))')).toBe('pet-42\n');

      await page.getByRole('button', { name: 'Menu', exact: true }).click();
      await page.getByRole('menuitem', { name: /^Settings/ }).click();
      await page.getByRole('switch', { name: 'SSH agent' }).click({ force: true });
      const socket = page.getByText(/agent\.sock$|-agent$/).first();
      await socket.waitFor(patience);
      const env = { ...process.env, SSH_AUTH_SOCK: (await socket.textContent()) ?? '' };
      expect((await run('ssh-add', ['-l'], { env })).stdout).toMatch(/-CERT\)\n$/);
      // Nothing but the agent knows a key: the configuration's own are taken away.
      writeFileSync(config, block.replace(/^ +(IdentityFile|CertificateFile) .*$/gm, ''));
      const through = await run(
        'ssh',
        ['-F', config, '-o', 'BatchMode=yes', '-o', 'IdentityFile=none', `root@demo-server.${cluster.facts.name}`, 'echo agent-$((40+2))'],
        { timeout: 40_000, env },
      );
      expect(through.stdout).toBe('agent-42\n');
    });

    test('after a restart everything is back on the same ports', async () => {
      const open = () =>
        JSON.parse(readFileSync(join(home, 'connections/connections.json'), 'utf8')).connections.filter((one: { open: boolean }) => one.open);
      const ports = [...addresses.values()].map((local) => Number(/:(\d+)/.exec(local)?.[1]));
      await expect.poll(() => open().map((one: { port: number }) => one.port), patience).toEqual(expect.arrayContaining(ports));
      await app.close();
      app = await launch(host, { home });
      const { page } = app;
      await page.getByRole('button', { name: /^\d connections?$/ }).click(patience);
      const list = page.getByRole('list', { name: 'Connections' });
      for (const local of addresses.values()) await list.getByText(local).waitFor(patience);
      const local = addresses.get('echo-web');
      if (local) expect((await run('curl', ['-s', '-m', '20', '-o', '/dev/null', '-w', '%{http_code}', `http://${local}/`])).stdout).toBe('200');
    });
  });
}
