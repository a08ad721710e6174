import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { basketChangeSchema, requestQuerySchema, resourceIdSchema } from '../../shared/model/access-request.ts';
import { BasketStore } from './baskets.ts';
import { noticeTexts } from './notice-texts.ts';
import { checkReason } from './reason.ts';
import { refusal } from './refusals.ts';
import { RequestList } from './request-list.ts';
import { queryRequests, SearchTexts } from './request-query.ts';
import { sampleFacts } from './testing/sample-facts.ts';
import { Viewpoint } from './viewpoint.ts';

const view = new Viewpoint({ user: 'rita', reviews: () => true, assumed: [], display: ({ name }) => name });

describe('the list of requests', () => {
  let now = 0;
  const list = () => new RequestList(() => now);
  beforeEach(() => {
    now = 1_000_000;
  });

  it('tells each change once', () => {
    const known = list();
    expect(known.put(sampleFacts('a'))).toEqual([{ before: null, after: sampleFacts('a') }]);
    expect(known.put(sampleFacts('a'))).toEqual([]);
    expect(known.remove('a')).toEqual([{ before: sampleFacts('a'), after: null }]);
    expect(known.remove('a')).toEqual([]);
  });

  it('asks where a list and something newer contradict each other', () => {
    const known = list();
    known.replace([sampleFacts('old'), sampleFacts('gone')], now);
    now += 60_000;
    known.put(sampleFacts('new'));
    known.put(sampleFacts('old', { state: 'approved' }));
    known.remove('gone');
    const { changes, doubtful } = known.replace([sampleFacts('old'), sampleFacts('gone')], now);
    expect([changes, doubtful.toSorted()]).toEqual([[], ['gone', 'new', 'old']]);
    now += 60_000;
    expect(known.replace([sampleFacts('old', { state: 'denied' })], now)).toMatchObject({
      doubtful: [],
      changes: [{ after: { state: 'denied' } }, { after: null }],
    });
  });

  it('knows old news from new ones', () => {
    const known = list();
    const review = { author: 'rita', state: 'approved' as const, reason: '', created: null, assumeStart: null, accessList: '' };
    known.put(sampleFacts('a', { state: 'approved', reviews: [review] }));
    expect(known.goesBack(sampleFacts('a'))).toBe(true);
    expect(known.goesBack(sampleFacts('a', { state: 'approved' }))).toBe(true);
    expect(known.goesBack(sampleFacts('a', { state: 'denied', reviews: [review, review] }))).toBe(false);
    expect(known.goesBack(sampleFacts('b'))).toBe(false);
    known.remove('a');
    expect(known.goesBack(sampleFacts('a', { state: 'approved', reviews: [review] }))).toBe(true);
  });

  it('is what the last list said, whatever came before, once things have settled', () => {
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      state: fc.constantFrom('pending' as const, 'approved' as const),
      gone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.subarray(['a', 'b', 'c']), (steps, last) => {
        const known = list();
        for (const { id, state, gone } of steps) gone ? known.remove(id) : known.put(sampleFacts(id, { state }));
        now += 60_000;
        known.replace(
          last.map((id) => sampleFacts(id)),
          now,
        );
        expect([...known.values()].map(({ id }) => id).toSorted()).toEqual(last.toSorted());
      }),
    );
  });
});

it('queries: every page together is the whole, sorted, without doubles', () => {
  const request = fc.record({ state: fc.constantFrom('pending' as const, 'denied' as const), user: fc.constantFrom('a', 'b'), created: fc.nat(5) });
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 40 }),
      fc.constantFrom('created', 'state', 'user', 'expires'),
      fc.boolean(),
      (all, field, descending) => {
        const requests = all.map((part, index) => sampleFacts(`id-${index}`, part));
        const pages = Array.from({ length: 5 }, (_, page) => {
          const query = requestQuerySchema.parse({ cluster: 'c', sort: { field, descending }, offset: page * 10, limit: 10 });
          return queryRequests(requests, query, view, new SearchTexts());
        });
        const found = pages.flatMap(({ page }) => page.map(({ id }) => id));
        expect(pages[0]!.total).toBe(requests.length);
        expect(found.toSorted()).toEqual(requests.map(({ id }) => id).toSorted());
      },
    ),
  );
});

describe('reasons and texts', () => {
  it('keeps text and line ends, drops what is none, counts bytes', () => {
    expect(checkReason(' a\r\nb\u0000\u001b[31m\tc ')).toBe('a\nb[31m\tc');
    expect(checkReason('é'.repeat(2048))).toHaveLength(2048);
    expect(() => checkReason('é'.repeat(2049))).toThrow(/4098 bytes.*4096/);
  });

  it('notices are two short lines', () => {
    const wordy = sampleFacts('a', {
      user: 'x'.repeat(500),
      roles: Array.from({ length: 9 }, (_, index) => `role ${index}`),
      reason: 'one\ntwo '.repeat(200),
    });
    const { title, body } = noticeTexts('waiting', wordy, { view, cluster: 'c', serverNow: 0 });
    expect([title.length, body.length]).toEqual([200, 200]);
    expect(body).toMatch(/^role 0, role 1, role 2, 6 more on c: one two/);
    expect(noticeTexts('expiring', sampleFacts('a', { expires: 90_000 }), { view, cluster: 'c', serverNow: 0 }).title).toBe(
      'Your access ends in 2 minutes',
    );
  });

  it('failures that are no refusals stay as they are', () => {
    const offline = new AppError('offline', 'gone');
    expect(refusal(offline, 'review')).toBe(offline);
    expect(refusal(new Error('x'), 'review').code).toBe('internal');
  });

  it('giving access back under a lock says what ends it nevertheless', () => {
    const bare = new AppError('access-denied', 'The cluster refused this.', { cause: { code: 7, details: 'access denied' } });
    const told = new AppError('locked', 'An administrator has locked this account.', {
      cause: { code: 7, details: 'lock targeting Role:"dba" is in force' },
    });
    for (const caught of [bare, told]) {
      const { code, message } = refusal(caught, 'drop');
      expect([code, message]).toEqual([caught.code, expect.stringMatching(/^The access could not be dropped.*Log out and log in again/)]);
    }
    expect(refusal(told, 'assume')).toBe(told);
    const other = new AppError('access-denied', 'x', { cause: { code: 7, details: 'access denied to perform action "read" on "role"' } });
    expect(refusal(other, 'drop').message).not.toMatch(/Log out/);
  });
});

describe('baskets', () => {
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
});
