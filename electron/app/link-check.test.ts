import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkLink } from './link-check.ts';

test.each(['https://example.com/a?b=c', 'http://localhost:8080/', 'http://127.0.0.1/', 'http://[::1]:3000/', 'http://example.com/'])(
  '%s is opened',
  (link) => {
    expect(checkLink(link)).toBe(link);
  },
);

test.each([
  'file:///etc/passwd',
  'javascript:alert(1)',
  'ssh://host',
  'smb://x/y',
  'ms-msdt:/id',
  'data:text/html,x',
  'https://bank.example@evil.example/',
  'https://a:b@evil.example/',
  '',
  'example.com',
  '//example.com',
  'https://',
  'vbscript:x',
  'slipway-app://app/',
])('%s is refused', (link) => {
  expect(() => checkLink(link)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
});

test('whatever is opened is a web address', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.tuple(fc.constantFrom('http://', 'https:', 'HTTPS://', 'java\nscript:', ' https://'), fc.string()).map((parts) => parts.join('')),
      ),
      (text) => {
        let opened: string;
        try {
          opened = checkLink(text);
        } catch {
          return;
        }
        expect(opened).toMatch(/^https?:\/\/[^/@]+\//);
      },
    ),
  );
});
