import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { basketChangeSchema, resourceIdSchema } from '../../shared/model/access-request.ts';
import { BasketStore } from './baskets.ts';

let folder: string;
const path = () => join(folder, 'baskets.json');
const node = { id: resourceIdSchema.parse({ cluster: 'c', kind: 'node', name: 'n' }), display: 'web-1' };
const change = (what: object) => basketChangeSchema.parse({ cluster: 'k', ...what });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-baskets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('gathers, forgets, replaces, and is there again after a restart', async () => {
  const baskets = new BasketStore(path());
  await baskets.change('k', change({ change: 'add', roles: ['dba', 'dba'], resources: [node, node] }));
  await baskets.change('k', change({ change: 'add', resources: [{ ...node, display: 'web-1 (new)' }] }));
  expect(new BasketStore(path()).get('k')).toEqual({ roles: ['dba'], resources: [{ ...node, display: 'web-1 (new)' }] });
  await baskets.change('k', change({ change: 'remove', resources: [node] }));
  expect(baskets.get('k')).toEqual({ roles: ['dba'], resources: [] });
  await baskets.change('k', change({ change: 'replace', roles: ['auditor'] }));
  expect(baskets.get('k')).toEqual({ roles: ['auditor'], resources: [] });
  await baskets.change('k', change({ change: 'replace' }));
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toMatchObject({ baskets: {} });
  expect(baskets.get('other')).toEqual({ roles: [], resources: [] });
});

it('refuses more than any request may name', async () => {
  const baskets = new BasketStore(path());
  const many = (from: number) => Array.from({ length: 200 }, (_, index) => ({ ...node, id: { ...node.id, name: `n${from + index}` } }));
  await baskets.change('k', change({ change: 'add', resources: many(0) }));
  await expect(baskets.change('k', change({ change: 'add', resources: many(200) }))).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(baskets.get('k').resources).toHaveLength(200);
});

it('one spoilt basket costs no other; a spoilt file costs no start', () => {
  writeFileSync(path(), JSON.stringify({ version: 1, baskets: { bad: { roles: 7 }, good: { roles: ['dba'], resources: [] } } }));
  expect(new BasketStore(path()).get('good').roles).toEqual(['dba']);
  writeFileSync(path(), '{"version":1,"bas');
  const store = new BasketStore(path());
  expect([store.get('good').roles, store.problem]).toEqual([[], expect.stringContaining('baskets.json could not be read')]);
});
