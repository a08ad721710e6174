import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { pingSchema } from '../../teleport/web/web-shapes.ts';
import { noBackground } from '../../testing/background.ts';
import { ProxyFactsStore } from '../proxy-facts.ts';
import { teleportWire } from '../wire.ts';
import { ProxyFinder } from './proxy-finder.ts';

const fingerprint = Array(32).fill('AB').join(':');
const { signal } = new AbortController();
let folder: string;
let facts: ProxyFactsStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-finder-'));
  facts = new ProxyFactsStore(join(folder, 'proxies.json'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pingOf = (cluster_name: string, public_addr = '') =>
  pingSchema.parse({ auth: {}, proxy: { ssh: { public_addr } }, server_version: '19.0.0', cluster_name });

/** A proxy found at `address`, and what answers at other addresses. */
function finder(address: string, ping: ReturnType<typeof pingOf>, others: Record<string, ReturnType<typeof pingOf>> = {}) {
  const findProxy = vi.fn<typeof teleportWire.findProxy>(async () => ({ address, ping }));
  const webApi = async (options: { address: string }) => {
    const other = others[options.address];
    if (!other) throw new AppError('unreachable', 'nobody there');
    return { ping: async () => other } as unknown as Awaited<ReturnType<typeof teleportWire.webApi>>;
  };
  return { findProxy, finder: new ProxyFinder({ ...teleportWire, findProxy, webApi }, facts, noBackground) };
}

it('keeps a decision for a bare host until its port is known, then for that port only', async () => {
  const { finder: proxies, findProxy } = finder('tele.example.com:3080', pingOf('c'));
  expect(await proxies.trust(' https://Tele.Example.com/web ', fingerprint)).toBeNull();
  expect(await proxies.find('tele.example.com', signal)).toMatchObject({ address: 'tele.example.com:3080' });
  expect(findProxy.mock.calls[0]?.[1]?.trustedFingerprint).toBe(fingerprint);
  expect([443, 3080].map((port) => facts.get(`tele.example.com:${port}`).trustedFingerprint)).toEqual([null, fingerprint]);
  await proxies.find('tele.example.com', signal);
  await proxies.find('tele.example.com:443', signal);
  expect(findProxy.mock.calls.slice(1).map(([, options]) => options?.trustedFingerprint)).toEqual([fingerprint, null]);
});

it('takes the name that the proxy wants when the same proxy answers there', async () => {
  const { finder: proxies } = finder('10.0.0.1:443', pingOf('c', 'tele.example.com:443'), { 'tele.example.com:443': pingOf('c') });
  await proxies.trust('10.0.0.1:443', fingerprint);
  expect((await proxies.find('10.0.0.1:443', signal)).address).toBe('tele.example.com:443');
  expect(facts.get('tele.example.com:443').trustedFingerprint).toBe(fingerprint);
});

it('stays with the typed address when nobody, or another cluster, answers at the name', async () => {
  expect((await finder('10.0.0.1:443', pingOf('c', 'inner:443')).finder.find('10.0.0.1:443', signal)).address).toBe('10.0.0.1:443');
  const other = finder('10.0.0.1:443', pingOf('c', 'inner:443'), { 'inner:443': pingOf('other') });
  expect((await other.finder.find('10.0.0.1:443', signal)).address).toBe('10.0.0.1:443');
});
