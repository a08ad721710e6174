import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { normalFingerprint, ProxyFactsStore } from './proxy-facts.ts';

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
