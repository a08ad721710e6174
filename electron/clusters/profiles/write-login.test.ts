import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { have } from '../../../test/support/have.ts';
import { checkProfile } from '../../../test/support/profile-checker.ts';
import { systemLocks } from '../../lib/file-lock.ts';
import { mintLogin } from '../testing/mint-login.ts';
import { knownHostsPath } from './profile-paths.ts';
import { readCertificateCas, readLogins, readSshCas } from './read-profiles.ts';
import { addProfile, type Login, removeCredentials, removeProfile, writeLogin } from './write-login.ts';

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

describe.skipIf(!canMint)('a login on disk', () => {
  it('is as tsh-profile §1 wants it', async () => {
    await writeLogin(locks, home, alice);
    expect(checkProfile(expected())).toEqual([]);
    expect(statSync(join(home, 'proxy.example.com.yaml')).mode & 0o777).toBe(0o640);
  });

  it.each(['legacy', 'fips'] as const)('is so with keys of the %s suite', async (suite) => {
    await writeLogin(locks, home, mintLogin({ suite, cluster: 'root.test' }));
    expect(checkProfile({ ...expected(), leaves: [] })).toEqual([]);
  });

  it('reads back complete, with its CAs', async () => {
    await writeLogin(locks, home, alice);
    const [login, ...others] = await readLogins(reader, home);
    expect(others).toEqual([]);
    expect(login).toMatchObject({ name: 'proxy.example.com', address: 'proxy.example.com:443', user: 'alice', cluster: 'root.test', current: true });
    expect(login?.reading).toEqual({ state: 'complete', credentials: alice.credentials });
    expect(await readSshCas(login!, 'leaf.test')).toEqual(alice.cas[1]!.keys.map((key) => key.trim()));
    expect((await readCertificateCas(login!, 'leaf.test')).map((pem) => `${pem}\n`)).toEqual(alice.cas[1]!.certificates);
    expect(await readCertificateCas(login!, 'other.test')).toEqual([]);
  });

  it('changes only certificates when the keys stay', async () => {
    await writeLogin(locks, home, alice);
    const keyInode = statSync(file('alice.key')).ino;
    const before = new Date(2020, 1, 1);
    for (const name of ['alice.key', 'alice', 'alice.pub', 'cas/root.test.pem', 'certs.pem']) utimesSync(file(name), before, before);
    utimesSync(knownHostsPath(home), before, before);
    mkdirSync(file('alice-db/root.test'), { recursive: true, mode: 0o700 });
    await writeLogin(locks, home, alice);
    expect(statSync(file('alice.key')).ino).toBe(keyInode);
    for (const name of ['alice.key', 'alice', 'alice.pub', 'cas/root.test.pem', 'certs.pem'])
      expect(statSync(file(name)).mtime, name).toEqual(before);
    expect(statSync(knownHostsPath(home)).mtime).toEqual(before);
    expect(existsSync(file('alice-db'))).toBe(true);
  });

  it('keeps the inodes that carry locks when the keys are new, and drops what the old keys were for', async () => {
    await writeLogin(locks, home, alice);
    const [key, hosts] = [statSync(file('alice.key')).ino, statSync(knownHostsPath(home)).ino];
    for (const folder of ['alice-db/root.test', 'alice-app', 'alice-kube']) mkdirSync(file(folder), { recursive: true });
    writeFileSync(file('alice-windowsdesktop'), 'the SSH key of a user with that name');
    writeFileSync(file('alice-ssh/leaf.test-cert.pub'), alice.credentials.sshCert);
    writeFileSync(file('kube_credentials.lock'), '');
    await writeLogin(locks, home, mintLogin({ leaves: ['leaf.test'] }));
    expect(statSync(file('alice.key')).ino).toBe(key);
    expect(statSync(knownHostsPath(home)).ino).toBe(hosts);
    for (const gone of ['alice-db', 'alice-app', 'alice-kube', 'alice-ssh/leaf.test-cert.pub', 'kube_credentials.lock'])
      expect(existsSync(file(gone)), gone).toBe(false);
    expect(existsSync(file('alice-windowsdesktop'))).toBe(true);
    rmSync(file('alice-windowsdesktop'));
    expect(checkProfile(expected())).toEqual([]);
  });

  it('leaves keys of the YAML it does not know, and other profiles', async () => {
    await writeLogin(locks, home, alice);
    const yaml = join(home, 'proxy.example.com.yaml');
    writeFileSync(yaml, `# mine\n${readFileSync(yaml, 'utf8')}relay_addr: none\nsomething_new: [1, 2]\n`);
    await writeLogin(locks, home, mintLogin({ address: 'other.example.com:443', cluster: 'other.test' }));
    await writeLogin(locks, home, mintLogin({}));
    const text = readFileSync(yaml, 'utf8');
    expect(text).toContain('# mine');
    expect(text).toContain('relay_addr: none');
    expect(text).toMatch(/something_new: *\[ *1, 2 *\]/);
    expect(await readLogins(reader, home)).toHaveLength(2);
    expect(readFileSync(join(home, 'current-profile'), 'utf8')).toBe('proxy.example.com\n');
  });

  it('appends to known_hosts and keeps what stands there', async () => {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    writeFileSync(knownHostsPath(home), '# note\n\n@cert-authority old.test ssh-ed25519 AAAA type=host', { mode: 0o600 });
    await writeLogin(locks, home, alice);
    const lines = readFileSync(knownHostsPath(home), 'utf8').split('\n');
    expect(lines.slice(0, 3)).toEqual(['# note', '', '@cert-authority old.test ssh-ed25519 AAAA type=host']);
    expect(lines).toHaveLength(6);
  });

  it.each(['../x', 'a/b', 'a\\b', 'nul\0', '..'])('refuses the user %j and the cluster of that name', async (name) => {
    const at = (profile: Partial<Login['profile']>) => writeLogin(locks, home, { ...alice, profile: { ...alice.profile, ...profile } });
    await expect(at({ user: name })).rejects.toMatchObject({ code: 'bad-response' });
    await expect(at({ cluster: name })).rejects.toMatchObject({ code: 'bad-response' });
    expect(existsSync(home)).toBe(false);
  });

  it('skips leaves whose name is no file name', async () => {
    await writeLogin(locks, home, {
      ...alice,
      cas: [alice.cas[0]!, { ...alice.cas[1]!, cluster: '../../evil' }, { ...alice.cas[1]!, cluster: 'a b' }],
    });
    expect(checkProfile({ ...expected(), leaves: [] })).toEqual([]);
    expect(readFileSync(knownHostsPath(home), 'utf8')).not.toContain('evil');
  });

  it('does not overwrite a hardware key', async () => {
    await writeLogin(locks, home, alice);
    const marker = '-----BEGIN PIV YUBIKEY PRIVATE KEY-----\ne30=\n-----END PIV YUBIKEY PRIVATE KEY-----\n';
    writeFileSync(file('alice.key'), marker);
    await expect(writeLogin(locks, home, mintLogin({}))).rejects.toMatchObject({ code: 'hardware-key' });
    expect(readFileSync(file('alice.key'), 'utf8')).toBe(marker);
    expect((await readLogins(reader, home))[0]?.reading.state).toBe('hardware-key');
  });

  it('names the disk when it cannot be written', async () => {
    mkdirSync(join(home, '..'), { recursive: true });
    writeFileSync(home, 'a file');
    await expect(writeLogin(locks, home, alice)).rejects.toMatchObject({ code: 'disk' });
  });
});

describe.skipIf(!canMint)('reading while others write', () => {
  it('waits for a half-written login', async () => {
    await writeLogin(locks, home, alice);
    const cert = readFileSync(file('alice.crt'), 'utf8');
    writeFileSync(file('alice.crt'), cert.slice(0, 200));
    setTimeout(() => writeFileSync(file('alice.crt'), cert), 250);
    expect((await readLogins(reader, home))[0]?.reading.state).toBe('complete');
  });

  it('says so when files do not belong together', async () => {
    await writeLogin(locks, home, alice);
    writeFileSync(file('alice.crt'), mintLogin({}).credentials.tlsCert);
    expect((await readLogins(reader, home))[0]?.reading.state).toBe('mismatch');
    const started = performance.now();
    expect((await readLogins(reader, home))[0]?.reading.state).toBe('mismatch');
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('treats an empty key file as nothing', async () => {
    await addProfile(home, { web_proxy_addr: 'proxy.example.com:443', user: 'alice' });
    writeFileSync(file('alice.key'), '');
    expect((await readLogins(reader, home))[0]?.reading.state).toBe('none');
  });

  it('passes over foreign, empty, cut off and huge profiles', async () => {
    await writeLogin(locks, home, alice);
    writeFileSync(join(home, 'a.yaml'), '');
    writeFileSync(join(home, 'b.yaml'), 'kind: role\nversion: v7\n');
    writeFileSync(join(home, 'c.yaml'), 'web_proxy_addr: "cut o');
    writeFileSync(join(home, 'd.yaml'), 'x'.repeat(5_000_000));
    writeFileSync(join(home, 'e.yaml'), 'web_proxy_addr: x:443\nuser: ../../etc\n');
    const broken: string[] = [];
    expect((await readLogins({ ...reader, onBroken: (path) => broken.push(path.slice(-6)) }, home)).map((login) => login.name)).toEqual([
      'proxy.example.com',
    ]);
    expect(broken.sort()).toEqual(['a.yaml', 'b.yaml', 'c.yaml', 'e.yaml']);
  });

  it('never shows a reader a login that does not fit together while logins are swapped', async () => {
    const logins = [alice, mintLogin({ leaves: ['leaf.test'] })];
    await writeLogin(locks, home, alice);
    let stop = false;
    const states: string[] = [];
    const reading = (async () => {
      while (!stop) states.push((await readLogins(reader, home))[0]?.reading.state ?? 'gone');
    })();
    for (let round = 0; round < 30; round++) await writeLogin(locks, home, logins[round % 2]!);
    stop = true;
    await reading;
    expect(new Set(states)).toEqual(new Set(['complete']));
    expect(checkProfile(expected())).toEqual([]);
  });
});

describe.skipIf(!canMint)('taking a login away', () => {
  it('logs out as tsh does', async () => {
    await writeLogin(locks, home, alice);
    mkdirSync(file('alice-db/root.test'), { recursive: true });
    await removeCredentials(locks, home, 'proxy.example.com', 'alice');
    for (const gone of ['alice', 'alice.key', 'alice.crt', 'alice.pub', 'alice-ssh', 'alice-db']) expect(existsSync(file(gone)), gone).toBe(false);
    for (const kept of ['cas/root.test.pem', 'certs.pem']) expect(existsSync(file(kept)), kept).toBe(true);
    for (const kept of ['proxy.example.com.yaml', 'current-profile', 'known_hosts']) expect(existsSync(join(home, kept)), kept).toBe(true);
    expect((await readLogins(reader, home))[0]).toMatchObject({ user: 'alice', reading: { state: 'none' } });
  });

  it('forgets the profile and the pointer to it, and nothing else', async () => {
    await writeLogin(locks, home, mintLogin({ address: 'other.example.com:443', cluster: 'other.test' }));
    await writeLogin(locks, home, alice);
    await removeProfile(home, 'other.example.com');
    expect(existsSync(join(home, 'current-profile'))).toBe(true);
    await removeProfile(home, 'proxy.example.com');
    expect(existsSync(join(home, 'current-profile'))).toBe(false);
    expect(await readLogins(reader, home)).toEqual([]);
  });

  it('adding never overwrites', async () => {
    await writeLogin(locks, home, alice);
    await expect(addProfile(home, { web_proxy_addr: 'proxy.example.com:3080' })).rejects.toMatchObject({ code: 'conflict' });
    expect(checkProfile(expected())).toEqual([]);
  });
});

describe.skipIf(!canMint || !have('ssh'))('OpenSSH on the files', () => {
  it('takes configuration, key, certificate and known hosts as written', async () => {
    await writeLogin(locks, home, alice);
    const config = join(home, '..', 'config');
    const lines = [
      `UserKnownHostsFile "${knownHostsPath(home)}"`,
      `IdentityFile "${file('alice')}"`,
      `CertificateFile "${file('alice-ssh/root.test-cert.pub')}"`,
    ];
    writeFileSync(config, `Host *.root.test\n  ${lines.join('\n  ')}\n`);
    const shown = execFileSync('ssh', ['-F', config, '-G', 'node.root.test'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    expect(shown).toContain(file('alice-ssh/root.test-cert.pub'));
    expect(execFileSync('ssh-keygen', ['-F', 'node.root.test', '-f', knownHostsPath(home)], { encoding: 'utf8' })).toContain('CA');
  });
});

describe.skipIf(!canMint)('the checker', () => {
  const faults: Record<string, () => void> = {
    'a key that others can read': () => chmodSync(file('alice.key'), 0o640),
    'a folder that others can read': () => chmodSync(file('cas'), 0o755),
    'a comment in the public key': () => writeFileSync(file('alice.pub'), `${readFileSync(file('alice.pub'), 'utf8').trim()} alice\n`),
    'a stray file beside the certificates': () => writeFileSync(file('alice-ssh/x.tmp'), '', { mode: 0o600 }),
    'a file of our own in the home': () => writeFileSync(join(home, 'slipway.json'), '{}', { mode: 0o600 }),
    'a certificate of another key': () => writeFileSync(file('alice.crt'), mintLogin({}).credentials.tlsCert, { mode: 0o600 }),
    'an SSH certificate of another key': () => writeFileSync(file('alice-ssh/root.test-cert.pub'), mintLogin({}).credentials.sshCert),
    'another SSH key': () => writeFileSync(file('alice'), mintLogin({}).credentials.sshKey),
    'a CA of another cluster': () => writeFileSync(file('cas/root.test.pem'), alice.cas[1]!.certificates[0]!),
    'a missing CA': () => rmSync(file('cas/leaf.test.pem')),
    'no host CA': () => writeFileSync(knownHostsPath(home), ''),
    'a line twice': () => writeFileSync(knownHostsPath(home), readFileSync(knownHostsPath(home), 'utf8').repeat(2)),
    'keys out of order': () =>
      writeFileSync(join(home, 'proxy.example.com.yaml'), 'user: alice\nweb_proxy_addr: proxy.example.com:443\ncluster: root.test\n'),
    'an mfa_mode that Connect rejects': () =>
      writeFileSync(
        join(home, 'proxy.example.com.yaml'),
        readFileSync(join(home, 'proxy.example.com.yaml'), 'utf8').replace('mfa_mode: auto', 'mfa_mode: otp'),
      ),
    'no current profile': () => writeFileSync(join(home, 'current-profile'), 'other\n'),
  };

  it.each(Object.keys(faults))('sees %s', async (name) => {
    await writeLogin(locks, home, alice);
    faults[name]!();
    expect(checkProfile(expected())).not.toEqual([]);
  });
});
