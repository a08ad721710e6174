import { afterEach, expect, it } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { createAuthority, issueHostCertificate } from '../../../test/cluster/pki/x509.ts';
import { type LocalServer, startTls } from '../../../test/wire/servers.ts';
import { dialTls } from './tls.ts';

let running: LocalServer;
afterEach(() => running.close());

const other = Array(32).fill('AB').join(':');

it.each([
  ['the first time', null, undefined, /not signed by anybody this computer knows/],
  ['when another one was trusted', other, other, /not the one you chose to trust/],
])('a refused certificate is told with all that it says of itself, %s', async (_name, trustedFingerprint, before, sentence) => {
  const authority = await createAuthority('root.test');
  running = await startTls(() => {}, await issueHostCertificate(authority, { uuid: 'u', cluster: 'root.test', role: 'Proxy', names: ['localhost'] }));
  const error: AppError = await dialTls({ host: 'localhost', port: running.port, alpn: ['http/1.1'], trustedFingerprint }).then(
    () => expect.unreachable(),
    (caught) => caught,
  );
  expect(error.message).toMatch(sentence);
  expect(error.details).toMatchObject({
    fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    issuer: expect.stringContaining('CN=root.test'),
    subject: expect.stringMatching(/CN=.+/),
  });
  expect(error.details?.trustedFingerprint).toBe(before);
  expect(error.details?.issuer).not.toContain('\n');
  expect(Date.parse(String(error.details?.validTo))).toBeGreaterThan(Date.now());
  expect(Date.parse(String(error.details?.validFrom))).toBeLessThanOrEqual(Date.now());
});
