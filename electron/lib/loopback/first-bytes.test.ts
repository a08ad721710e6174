import { expect, it } from 'vitest';
import { inspector, type Judge, longestHead, looksLikePostgres, looksLikeTls, readHead, startsAsHttp, startsAsHttp2 } from './first-bytes.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

it.each([
  'GET / HTTP/1.1\r\n',
  'GET /',
  'patch /x HTTP/1.1\r\n',
  'FROB /x',
  'SET / HTTP/1.1',
  'GET http://127.0.0.1/ HTTP/1.1',
  `${'M'.repeat(3000)} /`,
  `POST /${'a'.repeat(30_000)}`,
])('%.40j begins as a web request', (text) => expect(startsAsHttp(latin1(text))).toBe(true));

it.each(['G', 'GET', 'GET ', 'POST', 'OPTIONS ', 'GET htt'])('%j may become one', (text) => expect(startsAsHttp(latin1(text))).toBe('more'));

it.each([
  ['MongoDB', Buffer.from('3f0000000100000000000000d4070000', 'hex')],
  ['MongoDB, a message of 71 bytes', Buffer.from('470000000100000000000000dd070000', 'hex')],
  ['MySQL', Buffer.from('20000001858200000000000121000000', 'hex')],
  ['PostgreSQL', Buffer.from('0000000804d2162f', 'hex')],
  ['Redis', latin1('*1\r\n$4\r\nPING\r\n')],
  ['Redis, inline', latin1('PING\r\n')],
  ['Redis, inline', latin1('KEYS *\r\n')],
  ['SQL Server', Buffer.from('1201002f000000000000', 'hex')],
  ['SSH', latin1('SSH-2.0-OpenSSH_9.2\r\n')],
  ['SMTP', latin1('EHLO me\r\n')],
  ['HTTP/2', latin1('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
  ['a person', latin1('ahoy')],
])('%s does not', (_what, bytes) => expect(startsAsHttp(bytes)).toBe(false));

it('HTTP/2, TLS and PostgreSQL are told by their first bytes', () => {
  expect(startsAsHttp2(latin1('PRI * HTTP/2.0\r\n\r\nSM'))).toBe(true);
  expect([[22], [22, 3, 1], [22, 4], [23]].map((bytes) => looksLikeTls(Buffer.from(bytes)))).toEqual(['more', true, false, false]);
  expect(
    ['000000', '0000000804d2162f', '0000002a00030000', '000000080102', 'ffffffff0003'].map((hex) => looksLikePostgres(Buffer.from(hex, 'hex'))),
  ).toEqual(['more', true, true, false, false]);
});

it('reads a head, whole or not, and whatever stands in it', () => {
  const head = 'GET /a b HTTP/1.1\r\nHost:  x\t\r\nX-Y: \xe9:\r\n\r\n';
  for (let cut = 0; cut < head.length; cut++) expect([cut, readHead(latin1(head.slice(0, cut)))]).toEqual([cut, 'more']);
  expect(readHead(latin1(`${head}body`))).toEqual({ method: 'GET', target: '/a b', rawHeaders: ['Host', 'x', 'X-Y', '\xe9:'] });
  expect(readHead(latin1('GET / HTTP/1.0\n\n'))).toEqual({ method: 'GET', target: '/', rawHeaders: [] });
  for (const line of [' folded', 'no colon', ': x', 'Host : x', 'H\xf6st: x', '\tHost: x', 'A\0: x'])
    expect([line, readHead(latin1(`GET / HTTP/1.1\r\nHost: x\r\n${line}\r\n\r\n`))]).toEqual([line, 'broken']);
  for (const line of ['get /users/1', 'GET /', 'GET / FTP/1.1']) expect(readHead(latin1(`${line}\r\n`))).toBeNull();
});

it('holds bytes back until they are judged, then lets all of them and all that follow pass', () => {
  const judge: Judge = (first, isAll) => (first.includes('!') ? { refuse: 'no' } : first.length >= 3 || isAll ? 'pass' : 'more');
  const inspect = inspector(judge);
  expect(inspect(latin1('a'))).toBeNull();
  expect(inspect(latin1('b'))).toBeNull();
  expect(inspect(latin1('c'))?.toString()).toBe('abc');
  expect(inspect(latin1('!'))?.toString()).toBe('!');
  expect(inspect(null)).toBeNull();
  const ended = inspector(judge);
  ended(latin1('a'));
  expect(ended(null)?.toString()).toBe('a');
  expect(inspector(judge)(null)).toBeNull();
  expect(inspector(judge)(latin1('a!'))).toEqual({ refuse: 'no' });
});

it('shows no more than the longest head', () => {
  const seen: boolean[] = [];
  const inspect = inspector((_first, isAll) => {
    seen.push(isAll);
    return isAll ? { refuse: 'too long' } : 'more';
  });
  expect(inspect(Buffer.alloc(longestHead - 1))).toBeNull();
  expect(inspect(Buffer.alloc(1))).toEqual({ refuse: 'too long' });
  expect(seen).toEqual([false, true]);
});
