import { expect, test } from 'vitest';
import { parseCollector } from './collector-address.ts';

const method = '/prehog.v1alpha.ConnectReportingService/SubmitConnectEvent';

test.each([
  ['https://collector.example.com', `https://collector.example.com${method}`],
  ['https://collector.example.com/', `https://collector.example.com${method}`],
  [' https://collector.example.com:8443/base// ', `https://collector.example.com:8443/base${method}`],
  ['http://127.0.0.1:9000', `http://127.0.0.1:9000${method}`],
  ['http://[::1]:9000', `http://[::1]:9000${method}`],
  ['http://localhost:9000', `http://localhost:9000${method}`],
])('%j sends to %s', (typed, url) => expect(parseCollector(typed)).toEqual({ url: new URL(url) }));

test.each(['', '  '])('%j is no collector', (typed) => expect(parseCollector(typed)).toBeNull());

test.each([
  'collector.example.com',
  'http://collector.example.com',
  'http://127.0.0.1.example.com',
  'http://10.0.0.1',
  'ftp://collector.example.com',
  'file:///etc/passwd',
  'https://alice:secret@collector.example.com',
  'https://collector.example.com/?a=b',
  'https://collector.example.com/#x',
  'https://',
])('%j is refused with a sentence', (typed) => {
  const parsed = parseCollector(typed);
  expect(parsed && 'problem' in parsed && parsed.problem).toMatch(/Nothing is sent until/);
  expect(JSON.stringify(parsed)).not.toMatch(/secret/);
});
