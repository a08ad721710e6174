import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { have } from '../../../test/support/have.ts';
import { checkProfile } from '../../../test/support/profile-checker.ts';
import { systemLocks } from '../../lib/file-lock.ts';
import { mintLogin } from '../testing/mint-login.ts';
import { Homes } from './homes.ts';
import { addProfile, type Login, writeLogin } from './write-login.ts';

const locks = systemLocks();
const canMint = have('openssl') && have('ssh-keygen');
let root: string;
let homes: Homes;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-homes-'));
  homes = new Homes({ own: join(root, 'own'), tsh: join(root, 'tsh'), locks, onBroken: () => {} });
});
afterEach(() => rmSync(root, { recursive: true }));

let alice: Login;
let bob: Login;
let port: Login;
beforeAll(() => {
  if (canMint) [alice, bob, port] = [mintLogin({}), mintLogin({ user: 'bob' }), mintLogin({ address: 'proxy.example.com:3080' })];
});
const place = async (login: Login, useTsh = false) =>
  homes.placeFor(login.profile.web_proxy_addr, login.profile.user, await homes.list(useTsh), useTsh);
async function store(login: Login, useTsh = false): Promise<string> {
  const home = await place(login, useTsh);
  await writeLogin(locks, home, login);
  return home;
}

it.skipIf(!canMint)('keeps the first login of a host in the main home and gives others a complete home each', async () => {
  const stored = [await store(alice), await store(bob), await store(port)];
  expect(stored[0]).toBe(join(root, 'own/home'));
  expect(new Set(stored).size).toBe(3);
  expect(stored[1]).toMatch(/homes\/proxy\.example\.com_443_bob_[0-9a-f]{8}$/);
  for (const [index, login] of [alice, bob, port].entries()) {
    expect(checkProfile({ home: stored[index]!, profile: 'proxy.example.com', user: login.profile.user, cluster: 'root.test' })).toEqual([]);
  }
  expect((await homes.list(false)).map((login) => `${login.user}@${login.address}`).sort()).toEqual([
    'alice@proxy.example.com:3080',
    'alice@proxy.example.com:443',
    'bob@proxy.example.com:443',
  ]);
  for (const [index, login] of [alice, bob, port].entries()) expect(await place(login)).toBe(stored[index]);
});

it.skipIf(!canMint)('fills a remembered address', async () => {
  const home = await homes.placeFor('proxy.example.com:443', '', [], false);
  await addProfile(home, { web_proxy_addr: 'proxy.example.com:443' });
  expect(await store(bob)).toBe(home);
  expect(await homes.list(false)).toHaveLength(1);
});

it.skipIf(!canMint)("shows and uses the person's tsh home only by their choice", async () => {
  await writeLogin(locks, join(root, 'tsh'), alice);
  expect(await homes.list(false)).toEqual([]);
  expect(await place(alice)).toBe(join(root, 'own/home'));
  expect(await homes.list(true)).toHaveLength(1);
  expect(await store(alice, true)).toBe(join(root, 'tsh'));
  expect(await store(bob, true)).toBe(join(root, 'own/home'));
  expect(homes.kindOf(join(root, 'tsh'))).toBe('tsh');
});

it.skipIf(!canMint)('discards homes made for one login, never the shared ones', async () => {
  const [main, more] = [await store(alice), await store(bob)];
  await homes.discard(main);
  await homes.discard(more);
  expect([existsSync(main), existsSync(more)]).toEqual([true, false]);
});

it.skipIf(!canMint)("a login of tsh 14 to 16 in the person's home is used by choice", async () => {
  const old = mintLogin({ suite: 'legacy' });
  await store(old, true);
  const file = (name: string) => join(root, 'tsh/keys/proxy.example.com', name);
  rmSync(file('alice.key'));
  renameSync(file('alice.crt'), file('alice-x509.pem'));
  expect(await homes.list(false)).toEqual([]);
  expect(await homes.list(true)).toMatchObject([{ user: 'alice', cluster: 'root.test', reading: { state: 'complete' } }]);
});

it.skipIf(!canMint)('what killed logins left is removed from every home, the person’s only by choice', async () => {
  for (const login of [alice, bob]) await store(login);
  await store(mintLogin({ address: 'other.example.com:443' }), true);
  const left = '.slipway-4194305-0123456789ab.tmp'; // above the largest process id of Linux
  const homesOf = await homes.list(true);
  for (const { home, name } of homesOf) writeFileSync(join(home, 'keys', name, left), 'a key');
  const holding = () => homesOf.filter(({ home, name }) => readdirSync(join(home, 'keys', name)).includes(left)).length;
  await homes.sweep(false);
  expect(holding()).toBe(homesOf.filter(({ home }) => home === join(root, 'tsh')).length);
  await homes.sweep(true);
  expect(holding()).toBe(0);
});
