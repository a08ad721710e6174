import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GatewayWorld, runProgram } from '../../../test/support/gateway-world.ts';
import { have } from '../../../test/support/have.ts';
import { uncancelled } from '../../clusters/testing/service.ts';

let world: GatewayWorld;

beforeAll(async () => {
  world = await GatewayWorld.start();
}, 60_000);
afterAll(() => world.close());

const app = (name = 'echo-web', targetPort: number | null = null) => ({ kind: 'app', name, targetPort });
const curl = (...args: string[]) => runProgram('curl', ['-s', '-m', '5', ...args]);

describe.skipIf(!have('curl'))('a web app', () => {
  it('is reached by curl, with body and headers', async () => {
    const row = await world.open(app());
    expect(row).toMatchObject({ protocol: 'http', url: `http://127.0.0.1:${row.port}/` });
    const seen = JSON.parse((await curl('-d', 'over', '-H', 'X-Own: yes', `${row.url}hello?x=1`)).out);
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/hello?x=1',
      body: 'over',
      headers: { 'x-forwarded-host': `127.0.0.1:${row.port}`, 'x-own': 'yes' },
    });
    expect((await curl(`${row.url}bytes`)).out.length).toBe(8 * 1024 * 1024);
    expect((await curl('-N', `${row.url}events`)).out).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n');
    expect(world.uses).toContainEqual({ cluster: world.key, protocol: 'app', origin: 'resource_table' });
  });

  it('is not for other names, nor for pages of somebody else', async () => {
    const { port } = await world.open(app());
    const url = `http://127.0.0.1:${port}/`;
    const code = async (...args: string[]) => (await curl('-o', '/dev/null', '-w', '%{http_code}', ...args)).out;
    expect(await code(url)).toBe('200');
    expect(await code('-H', 'Host: evil.example', url)).toBe('421');
    expect(await code('-H', `Host: 127.0.0.1.evil.example:${port}`, url)).toBe('421');
    expect(await code('-H', 'Origin: https://evil.example', url)).toBe('403');
    expect(await code('-H', 'Origin: null', '-d', 'x', url)).toBe('403');
    expect(await code('-H', 'Sec-Fetch-Site: cross-site', '-H', 'Sec-Fetch-Mode: no-cors', url)).toBe('403');
    expect(await code('-H', 'Sec-Fetch-Site: cross-site', '-H', 'Sec-Fetch-Mode: navigate', url)).toBe('200');
    expect(await code('-H', 'Host: evil.example', '-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', url)).toBe('421');
  });

  it('asks for its token once it has one, and keeps it from the app', async () => {
    const { id, port, url: open } = await world.open(app());
    const change = (wanted: boolean) => world.connections.calls['connections.change-token']({ id, wanted }, uncancelled);
    await change(true);
    const { url, token } = world.row(id);
    expect(token).toBe(true);
    const secret = new URL(url).searchParams.get('slipway-token')!;
    expect(secret.length).toBe(32);
    const code = async (...args: string[]) => (await curl('-o', '/dev/null', '-w', '%{http_code} %{redirect_url}', ...args)).out;
    expect(await code(open)).toBe('401 ');
    expect(await code(`${open}?slipway-token=${secret.slice(1)}x`)).toBe('401 ');
    expect(await code('-H', 'Connection: Upgrade', '-H', 'Upgrade: websocket', open)).toBe('401 ');
    const seen = async (...args: string[]) => JSON.parse((await curl(...args)).out);
    expect(await seen(`${url}&x=1%2F2`)).toMatchObject({ url: '/?x=1%2F2' });
    const byHeader = await seen('-H', `X-Slipway-Token: ${secret}`, `${open}a?b`);
    expect(byHeader.url).toBe('/a?b');
    expect(JSON.stringify(byHeader)).not.toContain(secret);
    // A browser is sent on with a cookie, so that the token is in no address that it shows or tells.
    const browser = ['-H', 'Sec-Fetch-Mode: navigate', '-H', 'Sec-Fetch-Site: none'];
    const first = (await curl('-i', ...browser, `http://127.0.0.1:${port}//evil.example/?slipway-token=${secret}`)).out;
    expect(first).toMatch(/^HTTP\/1\.1 302 /);
    expect(first).toMatch(/^Location: \/evil\.example\/\r$/m);
    const cookie = /^Set-Cookie: (slipway-token-\d+=[^;]+); Path=\/; HttpOnly; SameSite=Strict\r$/m.exec(first)![1]!;
    const byCookie = await seen('-H', `Cookie: own=1; ${cookie}`, open);
    expect(byCookie.headers.cookie).toBe('own=1');
    expect(JSON.stringify(byCookie)).not.toContain(secret);
    await change(true);
    expect(await code(url)).toBe('401 ');
    await change(false);
    expect(await code(open)).toBe('200 ');
  });

  it('takes upgrades through as raw bytes', async () => {
    const { port } = await world.open(app());
    const request = http.request({ host: '127.0.0.1', port, headers: { Connection: 'Upgrade', Upgrade: 'SPDY/3.1' } });
    request.end();
    const [response, socket] = (await once(request, 'upgrade')) as [http.IncomingMessage, import('node:net').Socket];
    expect(response.statusCode).toBe(101);
    socket.write(Buffer.alloc(200_000, 3));
    let received = 0;
    for await (const data of socket) {
      received += (data as Buffer).length;
      if (received === 200_000) break;
    }
  });

  it('goes on with the certificate it has while the cluster answers nothing', async () => {
    const row = await world.open(app());
    world.cluster.setFaults({ refuse: 'closed for repairs' });
    try {
      expect((await curl(row.url)).out).toContain('"method":"GET"');
    } finally {
      world.cluster.setFaults({});
    }
  });
});

describe('other apps', () => {
  it('TCP apps are tunnels, with the port that was chosen', async () => {
    const say = async (port: number, text: string) => {
      const socket = connect(port, '127.0.0.1');
      if (text) socket.write(text);
      const [data] = await once(socket, 'data');
      socket.destroy();
      return data.toString();
    };
    const plain = await world.open(app('echo-tcp'));
    expect(await say(plain.port!, 'ahoy')).toBe('ahoy');
    const many = await world.open(app('many-ports'));
    expect(many.targetPorts).toEqual([
      { port: 7001, endPort: 7001 },
      { port: 7002, endPort: 7004 },
    ]);
    expect(await say(many.port!, '')).toBe('port 7001\n');
    await world.connections.calls['connections.change-target-port']({ id: many.id, targetPort: 7003 }, uncancelled);
    expect(await say(many.port!, '')).toBe('port 7003\n');
    await expect(world.connections.calls['connections.change-target-port']({ id: many.id, targetPort: 9 }, uncancelled)).rejects.toMatchObject({
      code: 'invalid-argument',
    });
  });

  it('an MCP server is an address', async () => {
    expect(await world.open(app('mcp-demo'))).toMatchObject({ protocol: 'mcp', state: 'open', token: false, commands: [] });
    expect(await world.open(app('echo-tcp'))).toMatchObject({ token: null });
  });

  it('main knows how each may be opened', async () => {
    const options = (name: string) => world.main.calls['resources.app-options']({ cluster: world.key, leaf: '', name }, uncancelled);
    expect(await options('echo-web')).toMatchObject({
      kind: 'http',
      gateway: true,
      launchUrl: `https://${world.cluster.address}/web/launch/echo-web.slipway.test/slipway.test/echo-web.slipway.test`,
    });
    expect(await options('many-ports')).toMatchObject({ kind: 'tcp', targetPorts: [{ port: 7001 }, { port: 7002, endPort: 7004 }] });
    expect(await options('mcp-demo')).toMatchObject({ kind: 'mcp', gateway: true });
    await expect(options('nope')).rejects.toMatchObject({ code: 'not-found' });
    const database = await world.main.calls['resources.database-options']({ cluster: world.key, leaf: '', name: 'echo-mongo' }, uncancelled);
    expect(database).toMatchObject({ protocol: 'mongodb', users: ['reader', 'writer'], anyUser: false, anyDatabase: true, problem: null });
  });
});

describe('Kubernetes', () => {
  const kube = { kind: 'kube', name: 'demo-kube' };

  it.skipIf(!have('kubectl'))(
    'answers kubectl over a kubeconfig of its own',
    async () => {
      const row = await world.open(kube);
      const { kubeconfig, context } = row.kube!;
      expect(context).toBe('slipway.test-demo-kube');
      expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
      const kubectl = (...args: string[]) => runProgram('kubectl', args, { KUBECONFIG: kubeconfig, HOME: world.main.folder });
      const pods = await kubectl('get', 'pods');
      expect(pods.err).toBe('');
      expect(pods.out).toMatch(/web-0\s+1\/1\s+Running/);
      expect((await kubectl('get', 'ns', '-o', 'name')).out).toBe('namespace/default\nnamespace/kube-system\n');
      expect((await kubectl('logs', '-f', 'web-0')).out).toBe('hello from web-0\nline 1\nline 2\nline 3\n');
      expect((await kubectl('get', 'pods', '-w')).out.match(/web-0/g)!.length).toBeGreaterThan(1);
      await world.connections.calls['connections.change-namespace']({ id: row.id, namespace: 'kube-system' }, uncancelled);
      expect((await kubectl('get', 'pods', '-o', 'name')).out).toBe('pod/coredns-0\n');
      await world.connections.calls['connections.close']({ id: row.id }, uncancelled);
      await expect(stat(kubeconfig)).rejects.toMatchObject({ code: 'ENOENT' });
    },
    40_000,
  );

  it('wants the key of its kubeconfig', async () => {
    const row = await world.open(kube);
    const without = await curl('-k', `https://127.0.0.1:${row.port}/version`);
    expect(without).toMatchObject({ out: '' });
    expect(without.code).not.toBe(0);
    await world.until(row.id, ({ error }) => error?.code === 'access-denied');
  });

  it('ends what goes on within five seconds of a logout, and says why', async () => {
    const row = await world.open({ kind: 'app', name: 'echo-tcp', targetPort: null });
    const socket = connect(row.port!, '127.0.0.1');
    socket.write('x');
    await once(socket, 'data');
    const start = performance.now();
    const ended = once(socket, 'close');
    await world.main.calls['clusters.logout']({ key: world.key }, uncancelled);
    await ended;
    expect(performance.now() - start).toBeLessThan(5000);
    expect((await world.until(row.id, ({ error }) => error)).error).toMatchObject({ code: 'expired' });
    expect(world.row(row.id).state).toBe('open');

    const kept = await world.until(Object.values(world.connections.topic.get().rows).find(({ target }) => target.kind === 'kube')!.id, () => true);
    const { users } = parse(await readFile(kept.kube!.kubeconfig, 'utf8'));
    const text = (data: string) => Buffer.from(data, 'base64').toString();
    const options = {
      ca: text(users[0].user['client-certificate-data']),
      cert: text(users[0].user['client-certificate-data']),
      key: text(users[0].user['client-key-data']),
    };
    const https = await import('node:https');
    const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      https
        .get(`https://127.0.0.1:${kept.port}/version`, options, (response) => {
          let body = '';
          response.on('data', (data) => (body += data));
          response.on('end', () => resolve({ status: response.statusCode, body }));
        })
        .on('error', reject);
    });
    expect(answer.status).toBe(504);
    expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Status', reason: 'Timeout' });
    // A program that waits goes on by itself after the login.
    const waiting = connect(row.port!, '127.0.0.1');
    waiting.write('again');
    const echoed = once(waiting, 'data');
    await world.until(row.id, ({ wants }) => wants === 'login');
    await world.login();
    expect((await echoed)[0].toString()).toBe('again');
    waiting.destroy();
    expect(world.row(row.id).wants).toBeNull();
  }, 30_000);
});
