import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type CertificateAuthority, createAuthority, createWebCertificate, issueHostCertificate } from '../../../test/cluster/pki/x509.ts';
import { type LocalServer, startTls } from '../../../test/wire/servers.ts';
import { moreRoots } from '../../hosts/more-roots.ts';
import { dialTls, needsUpgrade } from './tls.ts';
import { setMoreRoots } from './web-roots.ts';

let running: LocalServer;
let authority: CertificateAuthority;
beforeEach(async () => {
  authority = await createAuthority('corporate.test');
  running = await startTls(() => {}, {
    ...(await issueHostCertificate(authority, { uuid: 'u', cluster: 'corporate.test', role: 'Proxy', names: ['localhost'] })),
    ALPNProtocols: ['http/1.1'],
  });
});
afterEach(() => {
  setMoreRoots(() => []);
  return running.close();
});
const dial = () =>
  dialTls({ host: 'localhost', port: running.port, alpn: ['http/1.1'] }).then(
    (socket) => {
      socket.destroy();
      return 'connected';
    },
    (error) => error.code,
  );

it('an authority in the system’s store needs no decision, and is read once', async () => {
  const load = vi.fn(() => [authority.pem]);
  setMoreRoots(load);
  expect(load).not.toHaveBeenCalled();
  expect([await dial(), await dial(), await dial()]).toEqual(['connected', 'connected', 'connected']);
  expect(load).toHaveBeenCalledOnce();
  expect(await needsUpgrade(`localhost:${running.port}`)).toBe(true);
});

it('what nobody vouches for stays refused, with the fingerprint to decide on, without asking the store again', async () => {
  const other = await createAuthority('other.test');
  const load = vi.fn(() => [other.pem]);
  setMoreRoots(load);
  expect([await dial(), await dial()]).toEqual(['untrusted-certificate', 'untrusted-certificate']);
  expect(load).toHaveBeenCalledOnce();
});

it('the store is not asked about a certificate for another name, or one that ran out', async () => {
  const load = vi.fn(() => [authority.pem]);
  setMoreRoots(load);
  await dial();
  await running.close();
  const web = await issueHostCertificate(authority, { uuid: 'u', cluster: 'corporate.test', role: 'Proxy', names: ['elsewhere.test'] });
  running = await startTls(() => {}, web);
  expect(await dial()).toBe('untrusted-certificate');
  expect(load).toHaveBeenCalledOnce();
});

it('NODE_EXTRA_CA_CERTS names a file with roots; one that cannot be read is said and harms nothing', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'slipway-roots-')), 'ca.pem');
  const { cert } = await createWebCertificate(['one.test']);
  writeFileSync(path, `# corporate\n${cert}\n${authority.pem}\n`);
  const warn = vi.fn();
  setMoreRoots(() => moreRoots({ NODE_EXTRA_CA_CERTS: path }, warn));
  expect(await dial()).toBe('connected');
  expect(warn).not.toHaveBeenCalled();
  writeFileSync(path, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----');
  for (const bad of [path, `${path}.missing`]) {
    setMoreRoots(() => moreRoots({ NODE_EXTRA_CA_CERTS: bad }, warn));
    expect(await dial()).toBe('untrusted-certificate');
  }
  expect(warn).toHaveBeenCalledTimes(2);
});
