import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCodec } from '../../electron/telemetry/codec.ts';
import { exampleEvent } from '../../electron/telemetry/testing/example-events.ts';
import { type Collector, startCollector } from './collector.ts';

const path = '/prehog.v1alpha.ConnectReportingService/SubmitConnectEvent';
let collector: Collector;
let folder: string;
const tables: string[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-collector-'));
  tables.length = 0;
  collector = await startCollector({ file: join(folder, 'events.jsonl'), print: (table) => tables.push(table) });
});
afterEach(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

const post = async (body: string | Uint8Array, type = 'application/proto', more: Record<string, string> = {}, to = path, method = 'POST') => {
  const response = await fetch(collector.address + to, {
    method,
    headers: { 'content-type': type, 'connect-protocol-version': '1', ...more },
    ...(method === 'POST' ? { body: body as BodyInit } : {}),
    redirect: 'manual',
  });
  const text = await response.text();
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text,
    code: text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined,
  };
};
const binary = async () => (await loadCodec()).encode(exampleEvent(1));
const names = { clusterName: '6X5Zl5D8ZVyGsWDtJiU/V/bqK73jNpoR32+hOMc6dqQ=', userName: 'aYdIO2OSDTRyXH5yEsU1aeZIOyOrRkjkvtICFx/0eTE=' };
const json = {
  distinctId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10',
  timestamp: '2026-01-01T00:00:00.250Z',
  protocolUse: { ...names, protocol: 'ssh', origin: 'search_bar', accessThrough: 'proxy_service' },
};

test('binary and JSON say the same, and are kept alike in memory and in the file', async () => {
  expect(await post(await binary())).toMatchObject({ status: 200, type: 'application/proto', text: '' });
  expect(await post(JSON.stringify(json), 'application/json; charset=utf-8')).toMatchObject({ status: 200, type: 'application/json', text: '{}' });
  const [first, second] = collector.events().map(({ received: _, ...event }) => event);
  expect(first).toEqual(second);
  expect(first).toEqual({
    distinct_id: json.distinctId,
    timestamp: json.timestamp,
    event: 'protocol_use',
    fields: { cluster_name: names.clusterName, user_name: names.userName, protocol: 'ssh', origin: 'search_bar', access_through: 'proxy_service' },
  });
  const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(lines).toEqual(collector.events());
});

test('gzip is unpacked, within bounds', async () => {
  expect(await post(gzipSync(await binary()), 'application/proto', { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
  expect(await post(gzipSync(Buffer.alloc(10_000_000)), 'application/proto', { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 });
});

test('a default that was left out is read as the default', async () => {
  await post(
    JSON.stringify({ distinct_id: json.distinctId, file_transfer_run: { cluster_name: names.clusterName, user_name: names.userName } }),
    'application/json',
  );
  expect(collector.events()[0]?.fields).toEqual({ cluster_name: names.clusterName, user_name: names.userName, is_upload: false });
});

test.each<[string, unknown]>([
  ['no event', { ...json, protocolUse: undefined }],
  ['two events', { ...json, accessRequestReview: names }],
  ['an unknown event', { ...json, protocolUse: undefined, pageView: {} }],
  ['an unknown field', { ...json, protocolUse: { ...json.protocolUse, hostName: 'x' } }],
  ['a field of the wrong type', { ...json, protocolUse: { ...json.protocolUse, protocol: 5 } }],
  ['a plain cluster name', { ...json, protocolUse: { ...json.protocolUse, clusterName: 'teleport.example.com' } }],
  ['an empty user name', { ...json, protocolUse: { ...json.protocolUse, userName: '' } }],
  ['an id that is no UUID', { ...json, distinctId: 'me' }],
  ['no id', { ...json, distinctId: undefined }],
  ['a time that is none', { ...json, timestamp: 'yesterday' }],
  ['a list', []],
  ['null', null],
])('%s is refused', async (_, body) => {
  expect(await post(JSON.stringify(body), 'application/json')).toMatchObject({ status: 400, type: 'application/json', code: 'invalid_argument' });
  expect(collector.events()).toEqual([]);
});

test('what is no message at all is refused', async () => {
  expect(await post(Buffer.from([0x0a, 0x7f, 0x01]))).toMatchObject({ status: 400, code: 'invalid_argument' });
  expect(await post(Buffer.alloc(0))).toMatchObject({ status: 400 });
  expect(await post('{', 'application/json')).toMatchObject({ status: 400 });
  expect(await post(await binary(), 'text/plain')).toMatchObject({ status: 415 });
  expect(await post(await binary(), 'application/proto', { 'connect-protocol-version': '2' })).toMatchObject({ status: 400 });
  expect(await post(await binary(), 'application/proto', {}, '/elsewhere')).toMatchObject({ status: 404, code: 'unimplemented' });
  expect(await post('', 'application/proto', {}, path, 'GET')).toMatchObject({ status: 405 });
  expect(await post(Buffer.alloc(100_000))).toMatchObject({ status: 413 });
  expect(collector.events()).toEqual([]);
});

test('the count per kind and day is printed', async () => {
  const review = { distinctId: json.distinctId, timestamp: '2026-01-02T12:00:00Z', accessRequestReview: names };
  for (const event of [json, json, review]) await post(JSON.stringify(event), 'application/json');
  expect(collector.counts()).toEqual([
    { day: '2026-01-01', event: 'protocol_use', count: 2 },
    { day: '2026-01-02', event: 'access_request_review', count: 1 },
  ]);
  await expect.poll(() => tables.at(-1)).toMatch(/2026-01-01 +protocol_use +2\n +2026-01-02 +access_request_review +1/);
});

test('it misbehaves when told to', async () => {
  collector.fail({ kind: 'status', status: 503, code: 'unavailable', retryAfter: 7 });
  expect(await post(await binary())).toMatchObject({ status: 503, code: 'unavailable' });
  collector.fail({ kind: 'redirect', to: 'http://127.0.0.1:1/' });
  expect(await post(await binary())).toMatchObject({ status: 307 });
  collector.fail({ kind: 'garbage' });
  expect(await post(await binary())).toMatchObject({ status: 200, type: 'text/html' });
  collector.fail({ kind: 'cut' });
  await expect(post(await binary())).rejects.toThrow();
  expect(collector.events()).toEqual([]);
  collector.fail({ kind: 'slow', ms: 100 });
  expect(await post(await binary())).toMatchObject({ status: 200 });
  collector.fail(null);
  expect(await post(await binary())).toMatchObject({ status: 200 });
  expect([collector.events().length, collector.requests, collector.bodies.length]).toEqual([2, 6, 6]);
});
