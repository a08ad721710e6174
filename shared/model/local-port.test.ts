import { expect, test } from 'vitest';
import { type ConnectionTarget, clusterOf, leafOf, targetKey } from './local-port.ts';

const place = { cluster: 'ada@c:443', leaf: 'leaf' };
const server = { ...place, node: 'n1', hostname: 'web', login: 'root' };
const database = { kind: 'database', ...place, name: 'orders', user: 'alice' } as const;
const to = { host: 'db', port: 5432 };
const local = { kind: 'forward', server, forward: { type: 'local', to }, withTerminal: false } as const;
const remote = { ...local, forward: { type: 'remote', to, listen: { host: '', port: 0 } } } as const;
/** One of each, and each with one thing changed that makes it another connection. */
const different: ConnectionTarget[] = [
  database,
  { ...database, user: 'bob' },
  { ...database, leaf: '' },
  { kind: 'kube', ...place, name: 'orders' },
  { kind: 'app', ...place, name: 'orders', targetPort: null },
  { kind: 'app', ...place, name: 'orders', targetPort: 80 },
  local,
  { ...local, forward: { type: 'local', to: { ...to, port: 5433 } } },
  { ...local, server: { ...server, login: 'ann' } },
  remote,
  { ...remote, forward: { ...remote.forward, listen: { host: '', port: 80 } } },
  { ...local, forward: { type: 'dynamic' } },
  { kind: 'ssh', server },
];

test('what differs in user, port, forward or server is another connection; a name for people and the order of fields are not', () => {
  expect(new Set(different.map(targetKey)).size).toBe(different.length);
  expect(targetKey({ ...local, withTerminal: true, server: { ...server, hostname: 'renamed' } })).toBe(targetKey(local));
  expect(targetKey({ forward: { to: { port: 5432, host: 'db' }, type: 'local' }, withTerminal: false, server, kind: 'forward' })).toBe(
    targetKey(local),
  );
});

test('each leads to a cluster, by its server or by itself', () => {
  for (const target of different) expect(clusterOf(target)).toBe(place.cluster);
  expect([leafOf(database), leafOf(local), leafOf({ ...database, leaf: '' })]).toEqual(['leaf', 'leaf', '']);
});
