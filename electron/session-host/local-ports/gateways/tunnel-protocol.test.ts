import { describe, expect, it } from 'vitest';
import { inspector } from '../../../lib/loopback/first-bytes.ts';
import { databaseRules, type TunnelRules, tcpAppRules } from './tunnel-protocol.ts';

const port = 8090;
const page = (target: string, ...headers: string[]) => `GET ${target} HTTP/1.1\r\n${[...headers, 'Connection: keep-alive'].join('\r\n')}\r\n\r\n`;
const evil = 'Host: evil.test:8090';
const long = (size: number) => `/${'a'.repeat(size)}`;

/** What becomes of bytes that come in pieces of this size and then end. */
function outcome({ judge }: TunnelRules, text: string | Buffer, size = Number.POSITIVE_INFINITY): string {
  const inspect = inspector(judge(port));
  const bytes = Buffer.from(text as string, 'latin1');
  const passed: Buffer[] = [];
  for (let at = 0; at <= bytes.length; at += Math.min(size, bytes.length + 1)) {
    const piece = bytes.subarray(at, Math.min(at + size, bytes.length));
    const answer = inspect(piece.length > 0 ? piece : null);
    if (answer && 'refuse' in answer) return `refused: ${answer.refuse}`;
    if (answer) passed.push(answer);
    if (at + size >= bytes.length) {
      const last = inspect(null);
      if (last && 'refuse' in last) return `refused: ${last.refuse}`;
      if (last) passed.push(last);
      break;
    }
  }
  return Buffer.concat(passed).equals(bytes) ? 'passed' : 'held back';
}

/** Whole, in single bytes where that is no matter of seconds, and in packets. */
const sizesFor = (text: string | Buffer) => [Number.POSITIVE_INFINITY, ...(text.length < 4000 ? [1, 7] : []), 1460];

describe('a TCP app', () => {
  it.each([
    page('/', evil),
    page(long(3000), evil),
    page(long(20_000), evil),
    page('/', `X: ${'b'.repeat(17_000)}`, evil),
    page(long(70_000), evil),
    page('/', `X: ${'b'.repeat(70_000)}`, 'Host: 127.0.0.1:8090'),
    page('/', 'Host: 127.0.0.1:8091'),
    page('/', 'Host: 127.0.0.1:8090', 'Host: evil.test'),
    page('/', 'Host: 127.0.0.1:8090', 'Origin: http://127.0.0.1:8091'),
    page('/', 'Host: 127.0.0.1:8090', 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors'),
    page('http://evil.test:8090/', 'Host: 127.0.0.1:8090'),
    page('/', 'Host: 127.0.0.1:8090', ' folded: x'),
    'GET / HTTP/1.0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: 127.0.0.1:8090\r\n',
  ])('refuses a page of somebody else, in any pieces: %.60j', (text) => {
    for (const size of sizesFor(text)) expect([size, outcome(tcpAppRules, text, size)]).toEqual([size, expect.stringMatching(/^refused/)]);
  });

  it.each(['patch', 'FROB', 'M'.repeat(5000)])('refuses it by any method: %.20s', (method) =>
    expect(outcome(tcpAppRules, page('/', evil).replace('GET', method))).toMatch(/^refused/),
  );

  it.each([
    page('/', 'Host: 127.0.0.1:8090'),
    page(long(60_000), 'Host: localhost:8090', 'Origin: http://localhost:8090'),
    'GET /users/1\r\n',
    'get /users/1\r\nget /users/2\r\n',
    'GET',
    'P',
    'ahoy',
    'SSH-2.0-x\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00',
    '',
  ])('lets all else through as it is: %.40j', (text) => {
    for (const size of sizesFor(text)) expect([size, outcome(tcpAppRules, text, size)]).toEqual([size, 'passed']);
  });

  it('does not wait for what cannot become a request', () => {
    for (const text of ['a', 'ahoy', 'GETS', 'GET x', '\r\n']) expect(inspector(tcpAppRules.judge(port))(Buffer.from(text))?.toString()).toBe(text);
  });
});

describe.each([
  ['mongodb', false],
  ['mysql', true],
  ['redis', false],
  ['sqlserver', false],
  ['postgres', false],
])('a database port: %s', (protocol, serverFirst) => {
  const rules = databaseRules(protocol, { serverFirst, noTls: 'turn off TLS' });

  it('refuses web requests to any name, in any pieces', () => {
    for (const text of [
      page('/', 'Host: 127.0.0.1:8090'),
      page(long(3000), evil),
      page('/', `X: ${'b'.repeat(17_000)}`, evil),
      'GET /',
      'POST /x HTTP/1.0\r\n\r\n',
    ])
      for (const size of sizesFor(text)) expect(outcome(rules, text, size)).toMatch(/^refused/);
    for (const method of ['SET', 'patch', 'FROB']) expect(outcome(rules, page('/', evil).replace('GET', method))).toMatch(/^refused/);
    expect(outcome(rules, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^refused/);
  });

  it('refuses TLS unless the server speaks first', () => {
    const hello = Buffer.from('160301020001000001fc0303', 'hex');
    for (const size of sizesFor(hello)) expect(outcome(rules, hello, size)).toMatch(serverFirst ? /^passed/ : /^refused/);
  });
});

it.each([
  ['mongodb', '3f0000000100000000000000d4070000'],
  ['mysql', '20000001858200000000000121000000'],
  ['postgres', '0000000804d2162f'],
  ['cockroachdb', '0000002a00030000757365720072656164657200'],
  ['redis', Buffer.from('*1\r\n$4\r\nPING\r\n').toString('hex')],
  ['redis', Buffer.from('KEYS *\r\n').toString('hex')],
  ['sqlserver', '1201002f000000000000'],
  ['oracle', '00ee000001000000013901'],
  ['cassandra', '0400000005000000'],
])('what %s sends first goes through, in any pieces', (protocol, hex) => {
  const rules = databaseRules(protocol, { serverFirst: protocol === 'mysql', noTls: 'turn off TLS' });
  const bytes = Buffer.from(hex, 'hex');
  for (const size of sizesFor(bytes)) expect(outcome(rules, bytes, size)).toBe('passed');
});
