import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { findOnPath, openIn, windowPrograms } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const bin = join(folder, 'with space');
mkdirSync(bin);
const seen = join(folder, 'seen');

/** A program that writes down how it was started. */
function install(name: string): void {
  writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "$0" "$@" "KUBECONFIG=$KUBECONFIG" > '${seen}.part' && mv '${seen}.part' '${seen}'\n`);
  chmodSync(join(bin, name), 0o755);
}
for (const name of ['dbeaver-ce', 'beekeeper-studio', 'freelens']) install(name);
writeFileSync(join(bin, 'tableplus'), 'not to be run');
const env = { PATH: [bin, '/usr/bin', '/bin'].join(delimiter) };
const find = findOnPath(env, 'linux');

type Opened = Parameters<typeof openIn>[1];
const row: Opened = {
  url: 'postgres://ada%40x@127.0.0.1:5555/shop',
  target: { kind: 'database', cluster: 'ada@tele:443', leaf: '', name: 'orders|user=root', user: 'ada@x' },
  database: 'shop|driver=evil',
  protocol: 'postgres',
  port: 5555,
  env: {},
} satisfies Pick<ConnectionRow, keyof Opened>;

async function started(id: string, opened: Opened): Promise<string[]> {
  rmSync(seen, { force: true });
  openIn(id, opened, env, find, 'linux');
  await expect.poll(() => readFileSync(seen, { encoding: 'utf8', flag: 'a+' }), { timeout: 5000 }).not.toBe('');
  return readFileSync(seen, 'utf8').trimEnd().split('\n');
}

test('only what is there, may be run and speaks the protocol is offered', () => {
  const offered = (protocol: string) => windowPrograms(protocol, find, 'linux').map(({ name }) => name);
  expect(offered('postgres')).toEqual(['DBeaver', 'Beekeeper Studio']);
  expect(offered('mongodb')).toEqual(['DBeaver']);
  expect(offered('kube')).toEqual(['Lens']);
  expect(offered('http')).toEqual([]);
  expect(windowPrograms('postgres', findOnPath({}, 'linux'), 'linux')).toEqual([]);
});

test.skipIf(process.platform === 'win32')('each is started on the connection, and no name can add to what it is told', async () => {
  const [, flag, connection = ''] = await started('dbeaver', row);
  expect(flag).toBe('-con');
  const fields = connection.split('|').map((field) => field.split('=')[0]);
  expect(fields).toEqual(['driver', 'host', 'port', 'user', 'database', 'name', 'openConsole', 'save']);
  expect(connection).toMatch(/^driver=postgresql\|host=127\.0\.0\.1\|port=5555\|user=ada@x\|/);
  expect((await started('beekeeper', row))[1]).toBe(row.url);
  const kube: Opened = { ...row, protocol: 'kube', env: { KUBECONFIG: '/own/config' } };
  expect((await started('lens', kube)).at(-1)).toBe('KUBECONFIG=/own/config');
  expect(() => openIn('tableplus', row, env, find, 'linux')).toThrow('not on this computer any more');
  expect(() => openIn('lens', row, env, find, 'linux')).toThrow('not on this computer any more');
});
