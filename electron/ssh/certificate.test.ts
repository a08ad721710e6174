import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CertificateFields,
  certificateLine,
  checkCertificate,
  forever,
  parseCertificate,
  parseCertificateLine,
  signCertificate,
} from './certificate.ts';
import { parsePublicKey, toSshPublicKey } from './public-key.ts';
import { str, WireError } from './wire-bytes.ts';

const vector = (name: string) => JSON.parse(readFileSync(new URL(`../../test/vectors/ssh/${name}.json`, import.meta.url), 'utf8'));
const keys = {
  ed25519: generateKeyPairSync('ed25519'),
  'ecdsa-p256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'ecdsa-p384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'ecdsa-p521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
};
type Name = keyof typeof keys;
const names = Object.keys(keys) as Name[];
const now = Date.UTC(2026, 0, 1);
const seconds = BigInt(now / 1000);
const mint = (fields: Partial<CertificateFields> = {}, key: Name = 'ed25519', ca: Name = 'ed25519') =>
  signCertificate(
    {
      publicKey: toSshPublicKey(keys[key].publicKey),
      kind: 'host',
      principals: ['node'],
      validAfter: seconds - 60n,
      validBefore: seconds + 60n,
      ...fields,
    },
    keys[ca].privateKey,
  );
const check = (certificate = mint(), changes: object = {}, ca: Name = 'ed25519') =>
  checkCertificate(certificate, { kind: 'host', authorities: [toSshPublicKey(keys[ca].publicKey)], principal: 'node', now, ...changes });

describe('recorded certificates', () => {
  test("a node's host certificate parses, and its signature is its authority's", () => {
    const { steps, notes } = vector('host-certificate');
    const certificate = parseCertificate(Buffer.from(steps[0].hex, 'hex'));
    const fields = steps[0].fields;
    expect(certificate).toMatchObject({ type: fields.type, kind: 'host', keyId: '', principals: fields.principals, validBefore: forever });
    expect(Object.fromEntries(certificate.extensions)).toEqual(fields.extensions);
    expect(certificate.authority.blob.toString('hex')).toBe(fields.ca_blob_hex);
    const authorities = notes.trusted_host_cas.map((ca: string) => parsePublicKey(Buffer.from(ca, 'base64')));
    const at = { kind: 'host' as const, authorities, now: (Number(fields.valid_after) + 1) * 1000 };
    expect(checkCertificate(certificate, { ...at, principal: notes.check_with_principal })).toBeNull();
    expect(checkCertificate(certificate, { ...at, principal: 'another' })).toBe('principal');
    const tampered = Buffer.from(steps[0].hex.replace(Buffer.from('node-two').toString('hex'), Buffer.from('node-owt').toString('hex')), 'hex');
    expect(checkCertificate(parseCertificate(tampered), { ...at, principal: notes.check_with_principal })).toBe('signature');
  });

  test("a user's certificate parses", () => {
    const { steps } = vector('user-certificate');
    const certificate = parseCertificate(Buffer.from(steps[0].hex, 'hex'));
    expect(certificate).toMatchObject({ kind: 'user', keyId: 'vera', principals: steps[0].fields.principals });
    expect(Object.fromEntries(certificate.extensions)).toEqual(steps[0].fields.extensions);
    const principal = 'root';
    expect(checkCertificate(certificate, { kind: 'user', authorities: [certificate.authority], principal, now: 1_795_400_000_000 })).toBeNull();
  });
});

test.each(names.flatMap((key) => names.map((ca) => [key, ca] as const)))(
  'a %s certificate by a %s authority is minted, read back and accepted',
  (key, ca) => {
    const certificate = mint({ serial: 7n, keyId: 'kim', extensions: { 'permit-pty': '', role: 'Node' }, criticalOptions: {} }, key, ca);
    expect(parseCertificateLine(certificateLine(certificate, 'kim'))).toEqual(certificate);
    expect(check(certificate, {}, ca)).toBeNull();
  },
);

test('each reason to refuse a certificate is told', () => {
  expect(check(mint({ kind: 'user' }))).toBe('kind');
  expect(check(mint({}, 'ed25519', 'rsa'))).toBe('authority');
  expect(check(mint(), { now: now - 61_000 })).toBe('not-yet-valid');
  expect(check(mint(), { now: now + 60_000 })).toBe('expired');
  expect(check(mint(), { now: now + 59_999 })).toBeNull();
  expect(check(mint({ validBefore: forever }), { now: Number.MAX_SAFE_INTEGER })).toBeNull();
  expect(check(mint({ criticalOptions: { 'source-address': '10.0.0.1' } }))).toBe('critical-option');
  expect(check(mint({ criticalOptions: { 'source-address': '10.0.0.1' } }), { criticalOptions: ['source-address'] })).toBeNull();
  expect(check(mint({ principals: [] }))).toBe('no-principals');
  expect(check(mint({ principals: ['node.example', 'NODE'] }))).toBe('principal');
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  expect(check(mint({ publicKey: toSshPublicKey(weak.publicKey) }))).toBe('weak-key');
});

test('a certificate signed by another certificate is not read', () => {
  const { blob } = mint();
  const { authority } = parseCertificate(blob);
  const at = blob.indexOf(str(authority.blob));
  const nested = Buffer.concat([blob.subarray(0, at), str(blob), blob.subarray(at + str(authority.blob).length)]);
  expect(() => parseCertificate(nested)).toThrow(WireError);
});

test('one changed, missing or additional byte is refused', () => {
  const good = mint({ extensions: { a: 'b' } });
  fc.assert(
    fc.property(fc.nat(good.blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good.blob);
      bad[at]! ^= change;
      let problem: string | null = 'unreadable';
      try {
        problem = check(parseCertificate(bad));
      } catch (caught) {
        expect(caught).toBeInstanceOf(Error);
      }
      expect(problem).not.toBeNull();
    }),
    { numRuns: 400 },
  );
  for (let length = 0; length < good.blob.length; length++) expect(() => parseCertificate(good.blob.subarray(0, length))).toThrow(WireError);
  expect(() => parseCertificate(Buffer.concat([good.blob, Buffer.from([0])]))).toThrow(WireError);
});

test('noise is refused with a WireError, never with another failure', () => {
  const expectWireError = (bytes: Uint8Array) => {
    try {
      parseCertificate(bytes);
    } catch (caught) {
      expect(caught).toBeInstanceOf(WireError);
    }
  };
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectWireError));
  const head = str('ssh-ed25519-cert-v01@openssh.com');
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => expectWireError(Buffer.concat([head, tail]))));
});

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
describe.skipIf(!hasKeygen)('judged by ssh-keygen (skipped when OpenSSH is not installed)', () => {
  test.each(names)('a minted %s certificate', (key) => {
    const extensions = { 'permit-pty': '', 'permit-agent-forwarding': '', 'teleport-roles': '{"roles":["access"]}', 'x-zone': 'b' };
    const certificate = mint(
      { kind: 'user', keyId: 'vera', serial: 42n, principals: ['root', 'vera'], criticalOptions: { 'source-address': '10.1.0.0/16' }, extensions },
      key,
      key,
    );
    const { status, stdout } = spawnSync('ssh-keygen', ['-L', '-f', '-'], {
      input: `${certificateLine(certificate)}\n`,
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    });
    expect(status).toBe(0);
    for (const text of [
      `Type: ${certificate.type} user certificate`,
      'Key ID: "vera"',
      'Serial: 42',
      'from 2025-12-31T23:59:00 to 2026-01-01T00:01:00',
      'source-address 10.1.0.0/16',
    ])
      expect(stdout).toContain(text);
    expect(stdout).toMatch(/Principals:\s+root\s+vera\s+Critical Options/);
    expect(stdout).toMatch(/permit-agent-forwarding\s+permit-pty\s+teleport-roles/);
  });
});
