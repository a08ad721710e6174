import { spawn } from 'node:child_process';
import { createPrivateKey, KeyObject, X509Certificate } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { have } from '../../../test/support/have.ts';
import { checkProfile } from '../../../test/support/profile-checker.ts';
import { systemLocks } from '../../lib/file-lock.ts';
import { mintLogin } from '../testing/mint-login.ts';
import { knownHostsPath } from './profile-paths.ts';
import { readLogins } from './read-profiles.ts';
import { type Login, removeCredentials, removeProfile, writeCertificates, writeLogin } from './write-login.ts';

const umask = process.umask(0o022);
afterAll(() => void process.umask(umask));
const locks = systemLocks();
const mismatches = new Map<string, string>();
const onBroken = (file: string) => {
  throw new Error(`a broken profile: ${file}`);
};
const reader = { locks, onBroken, mismatches };
const canMint = have('openssl') && have('ssh-keygen');
let home: string;
beforeEach(() => {
  home = join(mkdtempSync(join(tmpdir(), 'slipway-home-')), 'tsh');
});
afterEach(() => rmSync(join(home, '..'), { recursive: true }));

let alice: Login;
beforeAll(() => {
  if (canMint) alice = mintLogin({ leaves: ['leaf.test'] });
});
const expected = () => ({ home, profile: 'proxy.example.com', user: 'alice', cluster: 'root.test', leaves: ['leaf.test'] });
const file = (name: string) => join(home, 'keys/proxy.example.com', name);

/** The files of a login as tsh 14 to 16 leaves them (docs/protocol/versions.md §8): one RSA key for everything, no `.key`, no `.crt`. */
function asOlderTsh({ credentials }: Login): void {
  writeFileSync(file('alice'), credentials.tlsKey, { mode: 0o600 });
  writeFileSync(file('alice.pub'), credentials.sshPub, { mode: 0o600 });
  writeFileSync(file('alice-x509.pem'), credentials.tlsCert, { mode: 0o600 });
  mkdirSync(file('alice-ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(file('alice-ssh/root.test-cert.pub'), credentials.sshCert, { mode: 0o600 });
  for (const newer of ['alice.key', 'alice.crt']) rmSync(file(newer), { force: true });
}

/** A TLS key with a certificate that was valid from that year on. */
async function ofYear(year: number): Promise<{ key: string; cert: string }> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = (await crypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const [notBefore, notAfter] = [new Date(year, 0), new Date(2099, 0)];
  const cert = await X509CertificateGenerator.createSelfSigned({ name: 'CN=root.test', keys, signingAlgorithm, notBefore, notAfter });
  return { key: KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString(), cert: cert.toString('pem') };
}

/** What tsh 14 to 16 needs of a login: certificate and key of one pair. */
const servesOlderTsh = () => new X509Certificate(readFileSync(file('alice-x509.pem'))).checkPrivateKey(createPrivateKey(readFileSync(file('alice'))));

describe.skipIf(!canMint)('beside tsh 14 to 16', () => {
  const legacy = () => mintLogin({ suite: 'legacy' });
  const state = async () => (await readLogins(reader, home))[0]?.reading;

  it.each(['nothing else', 'an empty .key', 'a .key of another login'])('its login is read as one, with %s there', async (beside) => {
    const login = legacy();
    await writeLogin(locks, home, login);
    asOlderTsh(login);
    if (beside !== 'nothing else') writeFileSync(file('alice.key'), beside === 'an empty .key' ? '' : alice.credentials.tlsKey);
    expect(await state()).toEqual({ state: 'complete', credentials: { ...login.credentials, sshKey: login.credentials.tlsKey } });
  });

  it('new certificates for its keys serve both', async () => {
    const login = legacy();
    await writeLogin(locks, home, login);
    asOlderTsh(login);
    const [stored] = await readLogins(reader, home);
    if (stored?.reading.state !== 'complete') throw new Error('not read');
    await writeCertificates(locks, stored, stored.reading.credentials);
    expect(servesOlderTsh()).toBe(true);
    expect(checkProfile({ ...expected(), leaves: [] })).toEqual([]);
  });

  it('a login here for a server up to 16 leaves both working', async () => {
    const theirs = legacy();
    await writeLogin(locks, home, theirs);
    asOlderTsh(theirs);
    await writeLogin(locks, home, legacy());
    expect(servesOlderTsh()).toBe(true);
    expect(checkProfile({ ...expected(), leaves: [] })).toEqual([]);
    expect(statSync(file('alice-x509.pem')).mode & 0o777).toBe(0o600);
  });

  it('a login here with other keys leaves no certificate that fits none', async () => {
    const theirs = legacy();
    await writeLogin(locks, home, theirs);
    asOlderTsh(theirs);
    await writeLogin(locks, home, alice);
    expect(existsSync(file('alice-x509.pem'))).toBe(false);
    expect(checkProfile(expected())).toEqual([]);
  });

  it('its later login over one of ours is the one that counts', async () => {
    const theirs = legacy();
    await writeLogin(locks, home, legacy());
    asOlderTsh(theirs);
    const ours = await ofYear(2020);
    writeFileSync(file('alice.key'), ours.key);
    writeFileSync(file('alice.crt'), ours.cert);
    expect(await state()).toMatchObject({ state: 'complete', credentials: { tlsCert: theirs.credentials.tlsCert } });
  });

  it('logging out leaves neither', async () => {
    await writeLogin(locks, home, legacy());
    expect(existsSync(file('alice-x509.pem'))).toBe(true);
    await removeCredentials(locks, home, 'proxy.example.com', 'alice');
    expect(readdirSync(join(home, 'keys/proxy.example.com')).sort()).toEqual(['cas', 'certs.pem']);
  });
});

describe.skipIf(!canMint)('what a killed login left', () => {
  const left = async () => {
    const dead = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
    await new Promise((resolve) => dead.once('exit', resolve));
    const path = file(`.slipway-${dead.pid}-0123456789ab.tmp`);
    writeFileSync(path, alice.credentials.sshKey, { mode: 0o600 });
    return path;
  };

  it.each([
    ['the next login', () => writeLogin(locks, home, alice)],
    ['a log out', () => removeCredentials(locks, home, 'proxy.example.com', 'alice')],
    ['forgetting the cluster', () => removeProfile(home, 'proxy.example.com')],
  ])('goes with %s', async (_when, act) => {
    await writeLogin(locks, home, alice);
    const path = await left();
    await act();
    expect(existsSync(path)).toBe(false);
  });

  it('and nothing is left by one that fails in the middle', async () => {
    await writeLogin(locks, home, alice);
    rmSync(file('alice.pub'));
    mkdirSync(file('alice.pub/full'), { recursive: true });
    await expect(writeLogin(locks, home, mintLogin({}))).rejects.toMatchObject({ code: 'disk' });
    expect(readdirSync(join(home, 'keys/proxy.example.com')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe.skipIf(!canMint)('files of others in a home', () => {
  it('a profile that is a link is read, stays a link, and its target is written', async () => {
    await writeLogin(locks, home, alice);
    const yaml = join(home, 'proxy.example.com.yaml');
    const real = join(home, '..', 'real.yaml');
    renameSync(yaml, real);
    symlinkSync(real, yaml);
    expect(await readLogins(reader, home)).toHaveLength(1);
    await writeLogin(locks, home, { ...alice, profile: { ...alice.profile, auth_connector: 'other' } });
    expect(lstatSync(yaml).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('auth_connector: other');
  });

  it('bytes of known_hosts that are no UTF-8 stay as they are', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const note = Buffer.concat([Buffer.from('# Zo'), Buffer.from([0xeb, 0x0a])]);
    writeFileSync(knownHostsPath(home), note);
    await writeLogin(locks, home, alice);
    expect(readFileSync(knownHostsPath(home)).subarray(0, note.length)).toEqual(note);
    expect(readFileSync(knownHostsPath(home), 'utf8')).toContain('@cert-authority proxy.example.com');
  });

  it('a known_hosts that cannot be read in full is not written over', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(knownHostsPath(home), 'x\n'.repeat(3_000_000));
    await expect(writeLogin(locks, home, alice)).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining('known_hosts') });
    expect(statSync(knownHostsPath(home)).size).toBe(6_000_000);
  });

  it('a profile that is none is kept before it is replaced', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(join(home, 'proxy.example.com.yaml'), 'web_proxy_addr: "cut o');
    await writeLogin(locks, home, alice);
    expect(readFileSync(file('proxy.example.com.broken.yaml'), 'utf8')).toBe('web_proxy_addr: "cut o');
    expect(await readLogins(reader, home)).toHaveLength(1);
  });
});
