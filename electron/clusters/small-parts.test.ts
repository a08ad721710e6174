import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pingSchema } from '../teleport/web/web-shapes.ts';
import { profileOfPing, publicAddress, sshProxyAddress } from './login/profile-of-ping.ts';
import { normalFingerprint, ProxyFactsStore } from './proxy-facts.ts';
import { dialTarget } from './targets/server.ts';

describe('dial targets', () => {
  it.each([
    ['6d9f2b1e-0000-4000-8000-000000000001', '6d9f2b1e-0000-4000-8000-000000000001:0', '6d9f2b1e-0000-4000-8000-000000000001'],
    ['web-1', 'web-1:0', 'web-1'],
    [' web-1:3022 ', 'web-1:3022', 'web-1'],
    ['10.0.0.1', '10.0.0.1:0', '10.0.0.1'],
    ['[fe80::1]:22', '[fe80::1]:22', 'fe80::1'],
    ['fe80::1', '[fe80::1]:0', 'fe80::1'],
  ])('%j is %s', (typed, hostPort, principal) => expect(dialTarget(typed)).toEqual({ hostPort, principal }));

  it.each(['', ' ', 'a b', 'a:99999', 'a:b', 'user@host', 'a/b', '[x]:1', 'a\u202eb', 'a\0b'])('%j is none', (typed) => {
    expect(() => dialTarget(typed)).toThrow(expect.objectContaining({ code: 'bad-address' }));
  });

  it('always end in a port, with the principal before it', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        try {
          const { hostPort, principal } = dialTarget(typed);
          expect(hostPort).toMatch(/:\d{1,5}$/);
          expect(hostPort.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')).toBe(principal);
        } catch (caught) {
          expect(caught).toMatchObject({ code: 'bad-address' });
        }
      }),
    );
  });
});

describe('what is remembered about proxies', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-facts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const path = () => join(folder, 'proxies.json');
  const fingerprint = Array(32).fill('AB').join(':');

  it('outlasts the program, per address', async () => {
    const store = new ProxyFactsStore(path());
    await store.update('h:443', { trustedFingerprint: fingerprint });
    await store.update('h:443', { serverVersion: '18.0.0' });
    const again = new ProxyFactsStore(path());
    expect(again.get('h:443')).toMatchObject({ trustedFingerprint: fingerprint, serverVersion: '18.0.0' });
    expect(again.get('h:3080').trustedFingerprint).toBeNull();
    expect(again.get('constructor').trustedFingerprint).toBeNull();
    await again.forget('h:443');
    expect(new ProxyFactsStore(path()).get('h:443').trustedFingerprint).toBeNull();
  });

  it('is not trusted blindly: a spoilt entry, a cut file, a newer version', async () => {
    writeFileSync(
      path(),
      JSON.stringify({ version: 1, proxies: { 'a:1': { trustedFingerprint: 'anything' }, 'b:1': { trustedFingerprint: fingerprint } } }),
    );
    const store = new ProxyFactsStore(path());
    expect([store.get('a:1').trustedFingerprint, store.get('b:1').trustedFingerprint]).toEqual([null, fingerprint]);
    writeFileSync(path(), '{"version":1,');
    expect(new ProxyFactsStore(path()).problem).toContain('proxies.json');
    writeFileSync(path(), JSON.stringify({ version: 9, proxies: { 'b:1': { trustedFingerprint: fingerprint } }, more: 1 }));
    await new ProxyFactsStore(path()).update('c:1', { edition: 'oss' });
    expect(JSON.parse(readFileSync(join(folder, 'proxies.v9.json'), 'utf8')).more).toBe(1);
  });

  it('knows fingerprints in any usual writing', () => {
    expect(normalFingerprint(fingerprint.toLowerCase().replaceAll(':', ''))).toBe(fingerprint);
    expect(normalFingerprint(`SHA256 ${fingerprint}`)).toBeNull();
    expect(normalFingerprint('AB:CD')).toBeNull();
  });
});

describe('addresses out of a ping', () => {
  const ping = (ssh: object, tls_routing_enabled = false) =>
    pingSchema.parse({ auth: {}, proxy: { ssh, tls_routing_enabled }, server_version: '19.0.0', cluster_name: 'c' });

  it('follow the rules of the sheet', () => {
    expect(publicAddress(ping({ public_addr: 'Tele.Example.com' }))).toBe('tele.example.com:3080');
    expect(publicAddress(ping({ public_addr: 'h:443' }))).toBe('h:443');
    expect(publicAddress(ping({}))).toBeNull();
    expect(publicAddress(ping({ public_addr: '../x y' }))).toBeNull();
    expect(sshProxyAddress('h:443', ping({}, true))).toBe('h:443');
    expect(sshProxyAddress('h:443', ping({}))).toBe('h:3023');
    expect(sshProxyAddress('h:443', ping({ listen_addr: '0.0.0.0:4023' }))).toBe('h:4023');
    expect(sshProxyAddress('h:443', ping({ ssh_public_addr: 'ssh.h', listen_addr: '0.0.0.0:4023' }))).toBe('ssh.h:3023');
  });

  it('name each service’s own port where TLS routing is off', () => {
    const profile = (proxy: object) => profileOfPing('h:443', pingSchema.parse({ auth: {}, proxy, server_version: '15.4.0', cluster_name: 'c' }));
    const addresses = (proxy: object) => {
      const { ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr } = profile(proxy);
      return [ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr];
    };
    expect(addresses({ ssh: {}, kube: { enabled: true, listen_addr: '0.0.0.0:4026' }, db: {} })).toEqual([
      'h:3023',
      'h:4026',
      'h:443',
      'h:3036',
      'h:27017',
    ]);
    expect(addresses({ kube: { enabled: true, listen_addr: '[::]:3026' } })[1]).toBe('h:3026');
    expect(addresses({ kube: { enabled: true, listen_addr: '10.1.2.3:3026' } })[1]).toBe('10.1.2.3:3026');
    expect(addresses({ kube: { enabled: true, public_addr: 'kube.h', listen_addr: '10.1.2.3:4026' } })[1]).toBe('kube.h:3026');
    expect(
      addresses({
        kube: { enabled: false, listen_addr: '0.0.0.0:3026' },
        db: { mysql_public_addr: 'db.h:33', postgres_listen_addr: '0.0.0.0:5432' },
      }),
    ).toEqual(['h:3023', undefined, 'h:5432', 'db.h:33', 'h:27017']);
    expect(addresses({ tls_routing_enabled: true, kube: null, db: null })).toEqual(Array(5).fill('h:443'));
  });

  it('are read whatever Go makes of empty parts', () => {
    const full = { auth: null, proxy: { kube: null, ssh: null, db: null, tls_routing_enabled: null }, server_version: '14.0.0', cluster_name: 'c' };
    expect(pingSchema.parse(full)).toMatchObject({ tlsRouting: false, kube: null, defaultSessionTtl: null });
    expect(pingSchema.parse({ ...full, auth: { default_session_ttl: 3_600_000_000_000 } }).defaultSessionTtl).toBe(3_600_000);
  });
});
