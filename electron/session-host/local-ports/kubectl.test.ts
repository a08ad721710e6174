import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { parse } from 'yaml';
import { GatewayWorld, runProgram } from '../../../test/support/gateway-world.ts';
import { uncancelled } from '../../clusters/testing/service.ts';

/** The kubectls of this computer: the one on the PATH, and others of numbered versions beside it, oldest and newest. */
function kubectls(): string[] {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'kubectl'))
    .find((path) => existsSync(path));
  if (!found) return [];
  const folder = dirname(realpathSync(found));
  const numbered = readdirSync(folder)
    .filter((name) => /^kubectl\.1\.\d+$/.test(name))
    .sort();
  return [...new Set([...numbered.slice(0, 1), ...numbered.slice(-1)])].map((name) => join(folder, name)).concat(numbered.length === 0 ? found : []);
}

let world: GatewayWorld;
let env: Record<string, string>;
let port: number;
beforeAll(async () => {
  world = await GatewayWorld.start();
  const row = await world.open({ kind: 'kube', name: 'demo-kube' });
  env = { KUBECONFIG: row.kube!.kubeconfig, HOME: world.main.folder };
  port = row.port!;
}, 60_000);
afterAll(() => world.close());

const ways = kubectls().flatMap((program) => [
  {
    program,
    name: program.split('/').at(-1),
    by: 'WebSocket where it can',
    env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'true', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'true' },
  },
  {
    program,
    name: program.split('/').at(-1),
    by: 'SPDY',
    env: { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' },
  },
]);

describe.each(ways)('$name by $by', ({ program, env: way }) => {
  const kubectl = (args: string[], input = '') => runProgram(program, args, { ...env, ...way }, { input });

  it('exec: input, output, errors and the exit code', async () => {
    const text = `${'all work and no play '.repeat(20_000)}\n`;
    expect(await kubectl(['exec', '-i', 'web-0', '--', 'cat'], text)).toMatchObject({ code: 0, out: text });
    const failed = await kubectl(['exec', 'web-1', '--', 'sh', '-c', 'echo $HOSTNAME; echo oh >&2; exit 7']);
    expect(failed).toMatchObject({ code: 7, out: 'web-1\n' });
    expect(failed.err).toContain('oh\n');
    expect((await kubectl(['exec', 'web-0', '--', '/no/such'])).code).not.toBe(0);
  }, 30_000);

  it('port-forward: a web server of the pod, and a port where nothing is', async () => {
    const child = spawn(program, ['port-forward', 'pod/web-1', ':8080', ':9'], { env: { ...process.env, ...env, ...way } });
    try {
      const ports: number[] = [];
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
      await expect
        .poll(() => ports.push(...[...said.matchAll(/127\.0\.0\.1:(\d+) ->/g)].map((match) => Number(match[1]))) && ports.length > 1, {
          timeout: 15_000,
        })
        .toBeTruthy();
      const answers = await Promise.all(Array.from({ length: 5 }, () => page(ports[0]!)));
      expect(answers).toEqual(Array(5).fill('hello from web-1\n'));
      await expect(page(ports[1]!)).rejects.toThrow();
      await expect.poll(() => said).toContain('nothing listens on port 9 of the pod');
    } finally {
      child.kill();
      await once(child, 'close');
    }
  }, 30_000);
});

describe.skipIf(ways.length === 0)('kubectl', () => {
  it('ends when the connection is closed under an exec, and works again on the same port', async () => {
    const { id } = world.row(Object.keys(world.connections.topic.get().rows)[0]!);
    const running = spawn(ways[0]!.program, ['exec', 'web-0', '--', 'sh', '-c', 'echo started; exec sleep 30'], { env: { ...process.env, ...env } });
    const ended = once(running, 'close');
    try {
      await once(running.stdout, 'data');
      const start = performance.now();
      await world.connections.calls['connections.close']({ id }, uncancelled);
      await ended;
      expect(performance.now() - start).toBeLessThan(5000);
    } finally {
      running.kill();
    }
    await world.connections.calls['connections.reopen']({ id, port: null, origin: 'connection_list' }, uncancelled);
    expect(world.row(id).port).toBe(port);
    expect((await runProgram(ways[0]!.program, ['get', 'pods', '-o', 'name'], env)).out).toContain('pod/web-0');
  }, 30_000);
});

describe('a WebSocket client of our own', () => {
  it.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('exec by %s, which needs the key', async (protocol) => {
    const { users } = parse(await readFile(env['KUBECONFIG']!, 'utf8'));
    const text = (data: string) => Buffer.from(data, 'base64').toString();
    const cert = text(users[0].user['client-certificate-data']);
    const key = text(users[0].user['client-key-data']);
    const url = `wss://127.0.0.1:${port}/api/v1/namespaces/default/pods/web-0/exec?command=head&command=-n1&stdin=true&stdout=true&stderr=true`;
    const socket = new WebSocket(url, protocol, { ca: cert, cert, key });
    await once(socket, 'open');
    expect(socket.protocol).toBe(protocol);
    const seen: string[] = [];
    socket.on('message', (data: Buffer) => seen.push(`${data[0]}:${data.subarray(1)}`));
    socket.send(Buffer.concat([Buffer.from([0]), Buffer.from('hello\nagain\n')]));
    await once(socket, 'close');
    expect(seen).toEqual(['1:hello\n', '3:{"metadata":{},"status":"Success"}']);
    const stranger = new WebSocket(url, protocol, { ca: cert });
    const [refused] = (await once(stranger, 'error')) as [Error];
    expect(refused.message).toMatch(/certificate|hang up|alert|reset/i);
  });
});

function page(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, async (response) => {
      let body = '';
      for await (const piece of response) body += piece;
      resolve(body);
    }).on('error', reject);
  });
}

it.skipIf(kubectls().length === 0)('what kubectl set on the context in the own kubeconfig is there again after closing and opening', async () => {
  const { calls } = world.connections;
  const row = await world.open({ kind: 'kube', name: 'demo-kube' });
  const { id } = row;
  await calls['connections.merge-kubeconfig']({ id, merged: true }, uncancelled);
  const { ownKubeconfig, context } = row.kube!;
  const kubectl = async (...args: string[]) => (await runProgram(kubectls()[0]!, args, { KUBECONFIG: ownKubeconfig })).out.trim();
  const namespace = () => kubectl('config', 'view', '-o', `jsonpath={.contexts[?(@.name=="${context}")].context.namespace}`);
  await kubectl('config', 'set-context', context, '--namespace=kube-system');
  await calls['connections.close']({ id }, uncancelled);
  expect(await kubectl('config', 'get-contexts', '-o', 'name')).not.toContain(context);
  await calls['connections.reopen']({ id, origin: 'connection_list', port: null }, uncancelled);
  await world.until(id, ({ state }) => state === 'open');
  expect(await namespace()).toBe('kube-system');
  await calls['connections.merge-kubeconfig']({ id, merged: false }, uncancelled);
});
