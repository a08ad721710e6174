import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readVector, vectorNames } from '../../../test/wire/vectors.ts';
import { commonNameOf, parseUserCertificate, splitPem } from './certificates.ts';

interface CertificateVector {
  files: Record<string, string | string[]>;
  decoded?: Record<string, unknown>;
}
const pemOf = (name: string) => readVector<CertificateVector>(name).files.user_tls_cert_pem as string;

describe('user certificates of a real cluster', () => {
  it('with several roles and logins in one RDN, and a name that is not ASCII', () => {
    expect(parseUserCertificate(pemOf('certs-login-many'))).toEqual({
      user: 'zoe@example.com',
      cluster: 'root.test',
      roles: ['dev', 'fancy', 'access'],
      logins: ['z2', 'zoé', 'root', 'admin', 'ubuntu'],
      awsRoles: ['arn:aws:iam::123456789012:role/x'],
      validFrom: Date.UTC(2026, 10, 22, 17, 48, 35),
      expires: Date.UTC(2026, 10, 22, 17, 50, 35),
      activeRequests: [],
      allowedResources: [],
      mfaVerified: '',
      privateKeyPolicy: 'none',
      deviceId: '',
      pinnedIp: '',
    });
  });

  it.each(['certs-login-balanced', 'certs-login-rsa', 'certs-login-no-logins'])('%s', (name) => {
    const certificate = parseUserCertificate(pemOf(name));
    expect(certificate).toMatchObject({ cluster: expect.stringMatching(/\.test$/), roles: [expect.any(String), ...certificate.roles.slice(1)] });
    expect(certificate.logins.some((login) => login.startsWith('-teleport'))).toBe(false);
    if (name === 'certs-login-no-logins') expect(certificate.logins).toEqual([]);
    expect(certificate.expires).toBeGreaterThan(certificate.validFrom);
  });

  it.each([
    ['req-assume', 'activeRequests', [expect.stringMatching(/^[0-9a-f-]{36}$/)]],
    ['mfa-cert-app', 'mfaVerified', expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ])('issued by %s has %s', (name, field, expected) => {
    const text = JSON.stringify(readVector(name));
    const base64 = [...text.matchAll(/"TLS":\s*"([A-Za-z0-9+/=]+)"/g)].map((match) => match[1]!);
    const pem = Buffer.from(base64.at(-1)!, 'base64').toString();
    expect(parseUserCertificate(pem)[field as 'activeRequests']).toEqual(expected);
  });

  it('names the cluster of each CA certificate', () => {
    const sets = vectorNames('certs-').flatMap((name) => readVector<CertificateVector>(name).files?.host_ca_tls_pem ?? []);
    expect(sets.length).toBeGreaterThan(0);
    for (const pem of sets) expect(commonNameOf(pem)).toMatch(/^(root|real|leaf)\.test$/);
    expect(splitPem(`${sets.join('\n')}\nnonsense`)).toHaveLength(sets.length);
  });
});

describe('what is no certificate', () => {
  const good = pemOf('certs-login-many');
  const der = Buffer.from(good.replace(/-----[A-Z ]+-----/g, ''), 'base64');
  const pem = (bytes: Uint8Array) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`;
  const judge = (text: string) => {
    try {
      const certificate = parseUserCertificate(text);
      expect(certificate.user).not.toBe('');
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect((error as AppError).code).toBe('bad-response');
    }
  };

  it.each(['', 'hello', pem(Buffer.alloc(0)), pem(Buffer.from([0x30, 0x80])), 'x'.repeat(300_000)])('is refused with a sentence', (text) => {
    expect(() => parseUserCertificate(text)).toThrow(AppError);
    expect(commonNameOf(text)).toBe('');
  });

  it('never crashes, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => judge(pem(bytes))));
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(der.length), (at, byte, end) => {
        const damaged = Buffer.from(der);
        damaged[at] = byte;
        judge(pem(damaged));
        judge(pem(damaged.subarray(0, end)));
      }),
      { numRuns: 400 },
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), judge));
  });
});
