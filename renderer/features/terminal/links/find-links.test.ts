import { expect, test } from 'vitest';
import { findLinks } from './find-links.ts';

const linksOf = (text: string) => findLinks(text).map((link) => link.text);

test.each([
  // brackets
  ['see https://en.wikipedia.org/wiki/Foo_(bar)', 'https://en.wikipedia.org/wiki/Foo_(bar)'],
  ['(see https://en.wikipedia.org/wiki/Foo_(bar))', 'https://en.wikipedia.org/wiki/Foo_(bar)'],
  ['(https://a.example/b)', 'https://a.example/b'],
  ['[text](https://a.example/b)', 'https://a.example/b'],
  ['[text](https://a.example/b_(c))', 'https://a.example/b_(c)'],
  ['[https://a.example/b]', 'https://a.example/b'],
  ['https://a.example/q?x[]=1&y[0]=2', 'https://a.example/q?x[]=1&y[0]=2'],
  ['https://[2001:db8::1]:8443/x', 'https://[2001:db8::1]:8443/x'],
  ['<https://a.example/b>', 'https://a.example/b'],
  ['{https://a.example/b}', 'https://a.example/b'],
  ['f(https://a.example/b, 1)', 'https://a.example/b'],
  ['https://a.example/b(', 'https://a.example/b'],
  // emphasis of Markdown
  ['**https://a.example/g**', 'https://a.example/g'],
  ['*https://a.example/g*', 'https://a.example/g'],
  ['__https://a.example/g__', 'https://a.example/g'],
  ['_https://a.example/g_', 'https://a.example/g'],
  ['~~https://a.example/g~~', 'https://a.example/g'],
  ['`https://a.example/g`', 'https://a.example/g'],
  ['**[t](https://a.example/g)**', 'https://a.example/g'],
  ['| https://a.example/g|', 'https://a.example/g'],
  // signs inside stay
  ['https://a.example/under_score*and~tilde', 'https://a.example/under_score*and~tilde'],
  ["https://a.example/it's", "https://a.example/it's"],
  ['https://a.example/a,b;c:d!e', 'https://a.example/a,b;c:d!e'],
  ['https://a.example/~user/', 'https://a.example/~user/'],
  ['https://a.example/x#part-2', 'https://a.example/x#part-2'],
  ['https://a.example/x?y=z&a=%20#f', 'https://a.example/x?y=z&a=%20#f'],
  // signs at the end do not
  ['Go to https://a.example/x.', 'https://a.example/x'],
  ['https://a.example/x, then', 'https://a.example/x'],
  ['https://a.example/x; https', 'https://a.example/x'],
  ['Really https://a.example/x?!', 'https://a.example/x'],
  ['https://a.example/x...', 'https://a.example/x'],
  ['https://a.example/x…', 'https://a.example/x'],
  ['https://a.example:', 'https://a.example'],
  ['(“https://a.example/x”).', 'https://a.example/x'],
  // quotes
  ['“https://a.example/h”', 'https://a.example/h'],
  ['"https://a.example/h"', 'https://a.example/h'],
  ["'https://a.example/h'", 'https://a.example/h'],
  ['‘https://a.example/h’', 'https://a.example/h'],
  ['„https://a.example/h“', 'https://a.example/h'],
  ['«https://a.example/h»', 'https://a.example/h'],
  ['「https://a.example/h」', 'https://a.example/h'],
  // hosts of every alphabet
  ['https://例え.jp/道', 'https://例え.jp/道'],
  ['https://例え.jp/道。次', 'https://例え.jp/道'],
  ['https://bücher.example/ä', 'https://bücher.example/ä'],
  ['https://пример.рф/путь', 'https://пример.рф/путь'],
  ['https://مثال.إختبار/', 'https://مثال.إختبار/'],
  ['https://xn--r8jz45g.jp/', 'https://xn--r8jz45g.jp/'],
  // hosts
  ['http://localhost:3000/', 'http://localhost:3000/'],
  ['HTTPS://A.EXAMPLE/X', 'HTTPS://A.EXAMPLE/X'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['url=https://a.example/x', 'https://a.example/x'],
])('%s', (text, link) => expect(linksOf(text)).toEqual([link]));

test.each([
  'https://',
  'http://.',
  'https:// a',
  'ftp://a.example/',
  'https://user:word@a.example/',
  'https://user@a.example/',
  'https://**',
  'http//a',
  'https://[::',
])('no link: %s', (text) => expect(linksOf(text)).toEqual([]));

test('several on a line, with their places', () => {
  const text = 'a https://a.example/1, (https://b.example/2) and https://c.example/3.';
  const found = findLinks(text);
  expect(found.map((link) => text.slice(link.start, link.end))).toEqual(['https://a.example/1', 'https://b.example/2', 'https://c.example/3']);
});

/** Input that takes the square of its length, or more, runs into the time limit. */
test.each([
  ['one address', `https://a.example/${'a'.repeat(500_000)}`],
  ['brackets', `https://a.example/${'('.repeat(500_000)}`],
  ['closing brackets', `https://a.example/${'()'.repeat(250_000)}${')'.repeat(250_000)}`],
  ['signs', `https://a.example/${'.'.repeat(500_000)}`],
  ['schemes', 'https://'.repeat(100_000)],
  ['addresses', 'https://a.example/x '.repeat(20_000)],
  ['half schemes', 'http:/'.repeat(200_000)],
])('a long line of %s', { timeout: 10_000 }, (_name, text) => {
  expect(findLinks(text).every((link) => link.text.length <= 8192)).toBe(true);
});
