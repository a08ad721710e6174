import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GatewayWorld } from '../../../test/support/gateway-world.ts';
import { uncancelled } from '../../clusters/testing/service.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.start();
}, 60_000);
afterAll(() => world.close());

/** What of a use is told to main since the last question. */
const reportedUses = async () => {
  await nextTurn(); // the way to main is a pipe within the process, which takes no longer
  return world.uses.splice(0).map((use) => ({ ...(use as object), cluster: undefined }));
};
const use = (protocol: string, origin: string) => ({ cluster: undefined, protocol, origin });

test('each opening is one use, with where it came from', async () => {
  const database = { kind: 'database', name: 'echo-mongo', user: 'reader' };
  const { id } = await world.open(database);
  await world.open(database);
  await world.open({ kind: 'app', name: 'echo-tcp', targetPort: null }, { origin: 'search_bar' });
  expect(await reportedUses()).toEqual([use('db', 'resource_table'), use('app', 'search_bar')]);
  await world.connections.calls['connections.close']({ id }, uncancelled);
  await world.connections.calls['connections.reopen']({ id, port: null, origin: 'connection_list' }, uncancelled);
  expect(await reportedUses()).toEqual([use('db', 'connection_list')]);
});

test('a Kubernetes cluster is used by a terminal, not by its gateway', async () => {
  const { id } = await world.open({ kind: 'kube', name: 'demo-kube' });
  expect(await reportedUses()).toEqual([]);
  world.connections.shellOpened(id, 'resource_table');
  expect(await reportedUses()).toEqual([use('kube', 'resource_table')]);
});

test('what is open again after a restart counts once, when a program uses it', async () => {
  await world.stopConnections();
  await world.startConnections();
  expect(await reportedUses()).toEqual([]);
  const row = Object.values(world.connections.topic.get().rows).find(({ protocol }) => protocol === 'tcp')!;
  const say = () =>
    new Promise<void>((resolve) => {
      const socket = connect(row.port!, '127.0.0.1');
      socket.write('x');
      socket.once('data', () => resolve(void socket.destroy()));
    });
  await say();
  await say();
  expect(await reportedUses()).toEqual([use('app', 'reopened_session')]);
}, 20_000);
