import { expect, test } from 'vitest';
import { proxyFor } from './proxy-from-environment.ts';

const via = (target: string, environment: Record<string, string>) => proxyFor(new URL(target), environment)?.href ?? null;
const proxy = { HTTPS_PROXY: 'http://proxy.example.com:3128' };

test('HTTPS_PROXY serves https, in either case of letters, with or without a scheme', () => {
  expect(via('https://collector.example.com', {})).toBeNull();
  expect(via('https://collector.example.com', { HTTP_PROXY: 'http://other:1' })).toBeNull();
  expect(via('https://collector.example.com', proxy)).toBe('http://proxy.example.com:3128/');
  expect(via('https://collector.example.com', { https_proxy: 'proxy.example.com:3128' })).toBe('http://proxy.example.com:3128/');
  expect(via('http://collector.example.com', { HTTP_PROXY: 'http://other:1' })).toBe('http://other:1/');
});

test('this computer is reached straight', () => {
  for (const host of ['127.0.0.1:1', 'localhost:1', '[::1]:1', 'a.localhost']) expect(via(`https://${host}`, proxy)).toBeNull();
});

test.each([
  ['*', true],
  ['collector.example.com', true],
  ['COLLECTOR.example.com', true],
  ['example.com', true],
  ['.example.com', true],
  ['*.example.com', true],
  ['.collector.example.com', false],
  ['ample.com', false],
  ['other.com, example.com:443', true],
  ['example.com:8443', false],
  ['10.0.0.0/8', false],
  ['', false],
  [',', false],
])('NO_PROXY=%j goes straight to a name: %s', (NO_PROXY, straight) =>
  expect(via('https://collector.example.com', { ...proxy, NO_PROXY }) === null).toBe(straight),
);

test.each([
  ['10.1.2.3', true],
  ['10.1.2.4', false],
  ['10.0.0.0/8', true],
  ['11.0.0.0/8', false],
  ['10.0.0.0/99', false],
  ['not/8', false],
  ['fe80::/10', false],
  ['10.1.2.3:443', true],
])('NO_PROXY=%j goes straight to 10.1.2.3: %s', (no_proxy, straight) =>
  expect(via('https://10.1.2.3', { ...proxy, no_proxy }) === null).toBe(straight),
);

test('IPv6 addresses and ranges', () => {
  expect(via('https://[2001:db8::1]', { ...proxy, NO_PROXY: '2001:db8::/32' })).toBeNull();
  expect(via('https://[2001:db8::1]', { ...proxy, NO_PROXY: '[2001:db8::1]:443' })).toBeNull();
  expect(via('https://[2001:db9::1]', { ...proxy, NO_PROXY: '2001:db8::/32' })).not.toBeNull();
});
