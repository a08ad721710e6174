import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownHosts } from '../known-hosts.ts';
import { decideLink } from './link-policy.ts';

const none = () => false;
const all = () => true;

test('a new host is asked about, a known one opens', () => {
  expect(decideLink('https://example.com/a?b', 'https://example.com/a?b', none)).toEqual({
    kind: 'ask',
    url: 'https://example.com/a?b',
    host: 'example.com',
    warning: null,
  });
  expect(decideLink('https://example.com/a', 'docs', all)).toEqual({ kind: 'open', url: 'https://example.com/a' });
});

test('http is opened without a question to this computer only', () => {
  for (const url of ['http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:3000/x']) expect(decideLink(url, url, all).kind).toBe('open');
  for (const url of ['http://example.com/', 'http://127.0.0.1.evil.example/'])
    expect(decideLink(url, 'x', all)).toMatchObject({ kind: 'ask', url, warning: expect.stringContaining('not encrypted') });
});

test('another port is another host', () => {
  const known = (host: string) => host === 'example.com';
  expect(decideLink('https://example.com:8443/', 'x', known).kind).toBe('ask');
});

test.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
  'ssh://host',
  'vscode://x',
  'teleport://x',
  'blob:https://x/y',
  'https://good.example@evil.example/',
  '//host',
  '',
  'https://',
  `https://x/${'a'.repeat(9000)}`,
])('is refused: %s', (target) => expect(decideLink(target, target, all).kind).toBe('refuse'));

test.each([
  ['https://evil.example/x', 'https://good.example', 'good.example'],
  ['https://evil.example/x', 'good.example/login', 'good.example'],
  ['https://xn--pple-43d.com/', 'apple', 'alphabets'],
  ['https://аpple.com/', 'click', 'alphabets'],
])('is asked about with a warning even when known: %s shown as %s', (target, shown, word) => {
  expect(decideLink(target, shown, all)).toMatchObject({ kind: 'ask', warning: expect.stringContaining(word) });
});

test('whatever the target, only http and https are ever opened', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl({ withFragments: true }),
        fc.string().map((text) => `javascript:${text}`),
      ),
      fc.string(),
      (target, shown) => {
        const decision = decideLink(target, shown, all);
        if (decision.kind !== 'refuse') expect(new URL(decision.url).protocol).toMatch(/^https?:$/);
      },
    ),
  );
});

test('hosts are remembered across windows, within a bound, and broken storage means asking', () => {
  const values = new Map<string, string>();
  const storage = { getItem: (key: string) => values.get(key) ?? null, setItem: (key: string, value: string) => void values.set(key, value) };
  new KnownHosts(storage).add('a.example');
  expect(new KnownHosts(storage).has('a.example')).toBe(true);
  expect(new KnownHosts(storage).has('b.example')).toBe(false);
  for (let i = 0; i < 600; i++) new KnownHosts(storage).add(`host-${i}`);
  expect(new KnownHosts(storage).has('a.example')).toBe(false);
  expect(new KnownHosts(storage).has('host-599')).toBe(true);
  values.set([...values.keys()][0]!, '{"not":"a list"}');
  expect(new KnownHosts(storage).has('host-599')).toBe(false);
  const broken = {
    getItem: () => null,
    setItem: () => {
      throw new Error('full');
    },
  };
  expect(() => new KnownHosts(broken).add('x')).not.toThrow();
});
