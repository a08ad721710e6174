import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clusterKey } from '../../../shared/model/cluster.ts';
import { openLog } from './log.ts';
import { LogNames } from './log-names.ts';

const namesOf = (user: string, address: string, ...names: string[]) => {
  const hidden = new LogNames();
  hidden.set([{ key: clusterKey(user, address), names }]);
  return hidden;
};

test('users, clusters, leaves and addresses have codes in their places, the same ones every time', () => {
  const names = namesOf('alice@example.com', 'teleport.example.com:443', 'one', 'leaf.example.org');
  const line = names.hide('alice%40example.com@teleport.example.com:443: user alice@example.com is not known in ONE, nor in leaf.example.org');
  expect(line).toMatch(/^\[user \w{8}\]@\[cluster \w{8}\]:443: user \[user \w{8}\] is not known in \[cluster \w{8}\], nor in \[cluster \w{8}\]$/);
  expect(namesOf('alice@example.com', 'other.example.com:443').hide('alice@example.com')).toBe(names.hide('Alice@Example.com'));
});

test.each([
  ['ed', 'one failed, Ed did not', /^one failed, \[user \w{8}\] did not$/],
  ['a', 'a b', /^a b$/],
  ['', 'a b', /^a b$/],
  ['a.b', 'a.b axb', /^\[user \w{8}\] axb$/],
  ['$&(.*', 'x $&(.* y', /^x \[user \w{8}\] y$/],
  ['jürgen', 'jürgen jürgens', /^\[user \w{8}\] jürgens$/],
])('only the whole name %s is hidden', (user, text, wanted) => {
  expect(namesOf(user, '127.0.0.1:1').hide(text)).toMatch(wanted);
});

test('loopback addresses stay, since they name nobody', () => {
  expect(namesOf('bob', '127.0.0.1:3080').hide('connect ECONNREFUSED 127.0.0.1:3080')).toBe('connect ECONNREFUSED 127.0.0.1:3080');
  expect(namesOf('bob', '[2001:db8::7]:3080').hide('connect 2001:db8::7')).toMatch(/^connect \[cluster \w{8}\]$/);
});

test('no line of a log holds a name, wherever it stands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-log-names-'));
  const names = namesOf('alice', 'proxy.example.com:443', 'main-cluster');
  const log = openLog({ folder, name: 'main', names });
  const cause = new Error('user "alice" is locked on main-cluster');
  log.warn(
    { cluster: 'alice@proxy.example.com:443', deep: [{ words: 'alice' }], err: new Error('proxy.example.com is away', { cause }) },
    'alice, failed',
  );
  log.info('main-cluster works');
  const text = readFileSync(join(folder, 'main.log'), 'utf8');
  rmSync(folder, { recursive: true, force: true });
  expect(text.split('\n').filter(Boolean)).toHaveLength(2);
  expect(text).not.toMatch(/alice|proxy\.example\.com|main-cluster/);
});
