import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GatewayWorld } from '../../../test/support/gateway-world.ts';

let world: GatewayWorld;
const ports: number[] = [];
beforeAll(async () => {
  world = await GatewayWorld.start();
  const targets = [
    { kind: 'database', name: 'echo-mongo', user: 'reader' },
    { kind: 'kube', name: 'demo-kube' },
    { kind: 'app', name: 'echo-web', targetPort: null },
    { kind: 'app', name: 'echo-tcp', targetPort: null },
  ];
  for (const target of targets) ports.push((await world.open(target)).port!);
  const socket = connect(ports[3]!, '127.0.0.1');
  socket.write('used');
  await once(socket, 'data');
  socket.destroy();
}, 60_000);
afterAll(() => world.close());

const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : entry.isFile() ? [path] : [];
  });

it('keys and certificates of gateways are in no file, neither as they are nor as Base64, while they are open and after', async () => {
  expect(world.tickets).toHaveLength(4);
  const secrets = world.tickets.flatMap(({ tls }) =>
    [tls.key, tls.cert].flatMap((pem) => {
      const body = pem.split('\n').filter((line) => /^[A-Za-z0-9+/=]{40,}$/.test(line));
      expect(body.length).toBeGreaterThan(1);
      // The first line of a key is the same for all of its kind.
      return [body.at(-2)!, Buffer.from(pem).toString('base64').slice(120, 180)];
    }),
  );
  const found = () => files(world.main.folder).filter((path) => secrets.some((secret) => readFileSync(path, 'latin1').includes(secret)));
  expect(files(world.main.folder).length).toBeGreaterThan(5);
  expect(found()).toEqual([]);
  await world.stopConnections();
  expect(found()).toEqual([]);
  await world.startConnections();
});

it.skipIf(process.platform === 'win32')('what gateways do write is for this person alone', () => {
  const own = files(join(world.main.folder, 'connections'));
  expect(own.some((path) => path.endsWith('connections.json'))).toBe(true);
  expect(own.map((path) => [path, statSync(path).mode & 0o077])).toEqual(own.map((path) => [path, 0]));
});

it('listens on 127.0.0.1 and nowhere else', async () => {
  const others = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal }) => !internal).map(({ address, scopeid }) => ({ address, scopeid })),
  );
  for (const port of ports) {
    for (const host of ['::1', '127.0.0.2', ...others.filter(({ scopeid }) => !scopeid).map(({ address }) => address)]) {
      const socket = connect(port, host);
      const outcome = await new Promise<string>((resolve) => {
        socket.once('connect', () => resolve('connected'));
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
      });
      socket.destroy();
      expect(outcome).not.toBe('connected');
    }
  }
});
