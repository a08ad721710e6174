import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { have } from '../../../test/support/have.ts';
import { publicBlobInCertificate, publicBlobInLine, publicLineOfKeyFile, sshPrivateKeyPem, sshPublicLine } from './openssh-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const judged = (pem: string): string => {
  const path = join(folder, randomBytes(6).toString('hex'));
  writeFileSync(path, pem, { mode: 0o600 });
  return execFileSync('ssh-keygen', ['-y', '-P', '', '-f', path], { encoding: 'utf8' });
};

const makers: Record<string, () => KeyObject> = {
  ed25519: () => generateKeyPairSync('ed25519').privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'P-521': () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey,
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

describe.skipIf(!have('ssh-keygen'))('private keys as OpenSSH reads them', () => {
  it.each(Object.keys(makers))('ssh-keygen finds our public line in a %s key', (name) => {
    for (let round = 0; round < (name === 'rsa' ? 2 : 8); round++) {
      const key = makers[name]!();
      const pem = sshPrivateKeyPem(key);
      expect(judged(pem).trim()).toBe(sshPublicLine(key).trim());
      expect(publicLineOfKeyFile(pem)).toBe(sshPublicLine(key));
    }
  });

  it('writes short ECDSA scalars without losing their length', () => {
    const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    for (const first of ['00', '7f', '80']) {
      const d = Buffer.from(`${first}${randomBytes(31).toString('hex')}`, 'hex');
      const key = keyOfScalar(d);
      expect(judged(sshPrivateKeyPem(key)).trim()).toBe(sshPublicLine(key).trim());
    }
    expect(jwk.crv).toBe('P-256');
  });

  it('reads the public line of PKCS#8 and PKCS#1 files too', () => {
    const key = makers.rsa!();
    expect(publicLineOfKeyFile(key.export({ type: 'pkcs8', format: 'pem' }).toString())).toBe(sshPublicLine(key));
    expect(publicLineOfKeyFile('nonsense')).toBeNull();
  });

  it('refuses key types that OpenSSH has no file for', () => {
    expect(() => sshPrivateKeyPem(generateKeyPairSync('x25519').privateKey)).toThrow(TypeError);
  });

  it('does not throw on any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 300 }), (text, bytes) => {
        const base64 = Buffer.from(bytes).toString('base64');
        publicLineOfKeyFile(`-----BEGIN OPENSSH PRIVATE KEY-----\n${base64}\n-----END OPENSSH PRIVATE KEY-----\n`);
        publicBlobInCertificate(`ssh-ed25519-cert-v01@openssh.com ${base64}`);
        publicBlobInLine(`ssh-ed25519 ${base64}`);
        expect(publicBlobInCertificate(text)).toBeNull();
      }),
    );
  });
});

describe('keys inside recorded certificates', () => {
  it.each(['certs-login-balanced', 'certs-login-rsa'])('%s belongs to the key that was sent', (name) => {
    const { files } = JSON.parse(readFileSync(new URL(`../../../test/vectors/auth/${name}.json`, import.meta.url), 'utf8'));
    expect(publicBlobInCertificate(files.user_ssh_cert_line)).toEqual(publicBlobInLine(files.ssh_public_key_line_sent));
    expect(publicBlobInCertificate(files.ssh_public_key_line_sent)).toBeNull();
  });
});

function keyOfScalar(d: Buffer): KeyObject {
  const header = Buffer.from('30310201010420', 'hex');
  const curve = Buffer.from('a00a06082a8648ce3d030107', 'hex');
  return createPrivateKey({ key: Buffer.concat([header, d, curve]), format: 'der', type: 'sec1' });
}
