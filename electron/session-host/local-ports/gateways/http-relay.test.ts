import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Gateway } from './gateway.ts';
import { HttpProtocol } from './http-protocol.ts';

/** Requests as the target got them, and what it answers to each; byte for byte. */
let requests: string[];
let answer: (request: string) => string;
let target: Server;
let server: Server;
let token: string;
const failures = vi.fn();

beforeEach(async () => {
  requests = [];
  answer = () => 'HTTP/1.1 204 No Content\r\n\r\n';
  token = '';
  failures.mockClear();
  target = createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (!text.includes('\r\n\r\n')) return;
      requests.push(text);
      socket.write(Buffer.from(answer(text), 'latin1'));
      text = '';
    });
  });
  await listening(target);
  const reporter = { traffic: { follow: () => {} }, worked: () => {}, failed: failures };
  const gateway = {
    reporter,
    credentials: async () => ({ ticket: { tls: { cert: 'c' } } }),
    credentialsAfterLogin: async () => ({ ticket: { tls: { cert: 'c' } } }),
    dial: async () => connect(portOf(target), '127.0.0.1'),
    failed: (caught: unknown) => {
      const error = AppError.from(caught);
      failures(error);
      return error;
    },
  } as unknown as Gateway;
  const relay = new HttpProtocol(gateway, () => token);
  server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => relay.serve(socket));
  await listening(server);
});
afterEach(() => {
  target.close();
  server.close();
});

const portOf = (server: Server) => (server.address() as { port: number }).port;
const listening = (server: Server) => once(server.listen(0, '127.0.0.1'), 'listening');

/** All that comes back for these bytes, until the connection ends; `\xe9` is one byte. */
async function exchange(text: string): Promise<string> {
  const socket: Socket = connect(portOf(server), '127.0.0.1');
  socket.write(Buffer.from(text, 'latin1'));
  let all = '';
  for await (const bytes of socket) all += (bytes as Buffer).toString('latin1');
  return all;
}

const ask = (line: string, ...headers: string[]) =>
  exchange(`${line}\r\n${[`Host: 127.0.0.1:${portOf(server)}`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n`);
const utf8 = (text: string) => Buffer.from(text).toString('latin1');

describe('bytes of answers', () => {
  const values = [
    ['Location', utf8('/café/例え')],
    ['Set-Cookie', utf8('name=Zoë; Path=/')],
    ['Set-Cookie', 'second=\xe9\xff'],
    ['Content-Disposition', utf8('attachment; filename="übung – 1.pdf"')],
    ['content-disposition', 'attachment; filename="\xfcbung"'],
    ['X-Tab', 'a\tb'],
    ['X-Empty', ''],
  ] as const;
  const lines = values.map(([name, value]) => `${name}: ${value}\r\n`).join('');

  it.each([
    ['with a length', 'Content-Length: 2\r\n', 'hi'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n', '2\r\nhi\r\n0\r\n\r\n'],
    ['to the end of the connection', 'Connection: close\r\n', ''],
  ])('are the same, %s', async (_how, framing, body) => {
    answer = () => `HTTP/1.1 302 Trouv\xe9 ${utf8('où')}\r\n${framing}${lines}\r\n${body}`;
    if (body === '') target.on('connection', (socket) => socket.once('data', () => setImmediate(() => socket.end())));
    const got = await ask('GET / HTTP/1.1');
    expect(got.split('\r\n')[0]).toBe(`HTTP/1.1 302 Trouv\xe9 ${utf8('où')}`);
    for (const [name, value] of values) expect(got).toContain(`\r\n${name}: ${value}\r\n`);
  });

  it.each([
    ['HEAD / HTTP/1.1', 200],
    ['GET / HTTP/1.1', 304],
    ['GET / HTTP/1.1', 204],
  ])('are the same without a body: %s, %i', async (line, status) => {
    answer = () => `HTTP/1.1 ${status} \r\n${status === 200 ? 'Content-Length: 5\r\n' : ''}${lines}\r\n`;
    const got = await ask(line);
    expect(got.split('\r\n')[0]).toBe(`HTTP/1.1 ${status} `);
    for (const [name, value] of values) expect(got).toContain(`\r\n${name}: ${value}\r\n`);
    expect(got.endsWith('\r\n\r\n')).toBe(true);
  });

  it.each([
    'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 1000 Much\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 20 Short\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    'HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nX: a\x01b\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nX\xe9: a\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
  ])('that are no answer become a 502: %.60j', async (text) => {
    answer = () => text;
    expect(await ask('GET / HTTP/1.1')).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n[\s\S]*breaks the rules of HTTP/);
    expect(failures).toHaveBeenCalledWith(expect.objectContaining({ code: 'bad-response' }));
  });

  it('any other status passes', async () => {
    answer = () => 'HTTP/1.1 799 Own\r\nContent-Length: 0\r\n\r\n';
    expect(await ask('GET / HTTP/1.1')).toMatch(/^HTTP\/1\.1 799 Own\r\n/);
  });
});

describe('bytes of requests', () => {
  it('are the same', async () => {
    await ask(
      "GET /a%20b/~'(x)?q=[1]&r={2}|3#4 HTTP/1.1",
      'X-Utf: \xc3\xa9',
      'x-lower: \xff',
      'X-Lower: 2',
      'Content-Disposition: \xe9',
      'Cookie: a=\xe9;  b=1',
    );
    expect(requests[0]).toBe(
      `GET /a%20b/~'(x)?q=[1]&r={2}|3#4 HTTP/1.1\r\nContent-Disposition: \xe9\r\nHost: 127.0.0.1:${portOf(server)}\r\nX-Utf: \xc3\xa9\r\nx-lower: \xff\r\nX-Lower: 2\r\nCookie: a=\xe9;  b=1\r\nConnection: keep-alive\r\n\r\n`,
    );
  });

  it('say that there is no body where the method has one as a rule', async () => {
    await ask('POST / HTTP/1.1');
    await ask('DELETE / HTTP/1.1');
    expect(requests[0]).toMatch(/\r\nContent-Length: 0\r\n/);
    expect(requests[1]).not.toMatch(/content-length|transfer-encoding/i);
  });

  it('in absolute form lose the name', async () => {
    await ask(`GET http://127.0.0.1:${portOf(server)}/x?y HTTP/1.1`);
    expect(requests[0]).toMatch(/^GET \/x\?y HTTP\/1\.1\r\n/);
  });

  it.each([
    [`GET /?q=${utf8('café')} HTTP/1.1`, 400, /Percent-encode/],
    ['FROB / HTTP/1.1', 501, /this method/],
    ['get / HTTP/1.1', 501, /this method/],
    ['CONNECT evil.test:443 HTTP/1.1', 501, /no proxy/],
    ['GET / HTTP/3.7', 400, /no request/],
    ['GET //[ HTTP/1.1', 400, /no request/],
    ['GET /\t HTTP/1.1', 400, /./],
    [`GET /${'a'.repeat(70_000)} HTTP/1.1`, 431, /64 KB/],
    ['PRI * HTTP/2.0', 400, /no request/],
  ])('that cannot be passed on are answered: %.40s, %i', async (line, status, text) => {
    const got = await ask(line);
    expect(got).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(got).toMatch(text);
    expect(requests).toEqual([]);
  });

  it.each([
    ['Transfer-Encoding: gzip, chunked', 501],
    ['Transfer-Encoding: chunked\r\nContent-Length: 3', 400],
    ['Content-Length: 3\r\nContent-Length: 4', 400],
    ['Content-Length: -1', 400],
    ['X: a\r\n folded', 400],
    ['No colon', 400],
  ])('with unclear headers are answered: %j, %i', async (header, status) => {
    expect(await ask('POST / HTTP/1.1', header)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(requests).toEqual([]);
  });

  it('over TLS are not answered, and the list says why', async () => {
    expect(await exchange('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03')).toBe('');
    expect(failures).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringMatching(/http:\/\//) }));
  });

  it('that do not end are answered in time, on a kept connection too', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const socket = connect(portOf(server), '127.0.0.1');
      let got = '';
      socket.on('data', (bytes) => (got += bytes.toString('latin1')));
      const head = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${portOf(server)}\r\n`;
      for (const round of [1, 2]) {
        socket.write(`${head}\r\n`);
        await vi.waitFor(() => expect(got.match(/204 No Content/g)).toHaveLength(round));
      }
      socket.write(head);
      vi.advanceTimersByTime(65_000);
      await once(socket, 'end');
      expect(got).toMatch(/HTTP\/1\.1 408 [\s\S]*did not come in time/);
      expect(requests).toHaveLength(2);
      socket.destroy();
    } finally {
      vi.useRealTimers();
    }
  });

  it('that come in single bytes are judged as well', async () => {
    const socket = connect({ port: portOf(server), host: '127.0.0.1', noDelay: true });
    for (const byte of Buffer.from('GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n'))
      await new Promise((written) => socket.write(Buffer.of(byte), written));
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 421 /);
    socket.destroy();
    expect(requests).toEqual([]);
  });
});

describe('Slipway’s own cookies', () => {
  const cookies = 'Cookie: own=1; slipway-8090=s; slipway-token-8091=t;Slipway-x=1; other=2';

  it('reach no app, in requests and in upgrades', async () => {
    await ask('GET / HTTP/1.1', cookies, 'Cookie: slipway-token-1=u');
    expect(requests[0]).toMatch(/\r\nCookie: own=1; other=2\r\n/);
    answer = () => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    target.on('connection', (socket) => socket.once('data', () => setImmediate(() => socket.end())));
    const upgraded = await exchange(
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${portOf(server)}\r\n${cookies}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    );
    expect(upgraded).toMatch(/^HTTP\/1\.1 101 /);
    expect(requests[1]).toMatch(/\r\nCookie: own=1; other=2\r\n/);
    expect(requests.join()).not.toMatch(/slipway/i);
  });

  it('are judged before: another one’s token does not open this port, also not in an upgrade', async () => {
    token = 'right';
    const own = `slipway-token-${portOf(server)}`;
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket'];
    const tried = [[`Cookie: ${own}=wrong`], ['Cookie: slipway-token-1=right'], ['X-Slipway-Token: wrong'], [`Cookie: x${own}=right`]];
    for (const headers of tried) {
      expect(await ask('GET / HTTP/1.1', ...headers)).toMatch(/^HTTP\/1\.1 401 /);
      expect(await ask('GET / HTTP/1.1', ...headers, ...upgrade)).toMatch(/^HTTP\/1\.1 401 /);
    }
    // A page of another port may come with the cookie; it is refused for what it is.
    const foreign = `Origin: http://127.0.0.1:${portOf(target)}`;
    expect(await ask('POST / HTTP/1.1', `Cookie: ${own}=right`, foreign)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await ask('GET / HTTP/1.1', `Cookie: ${own}=right`, foreign, ...upgrade)).toMatch(/^HTTP\/1\.1 403 /);
    expect(requests).toEqual([]);
    expect(await ask('GET / HTTP/1.1', `Cookie: ${own}=old; ${own}=right`)).toMatch(/^HTTP\/1\.1 204 /);
    expect(requests[0]).not.toMatch(/slipway/i);
  });

  it('a token in the address is taken out of it, and leads nowhere else', async () => {
    token = 'right';
    const navigate = 'Sec-Fetch-Mode: navigate';
    for (const path of ['//evil.test/', '/\\evil.test/', '/\\/evil.test/'])
      expect(await ask(`GET ${path}?slipway-token=right HTTP/1.1`, navigate)).toMatch(/\r\nLocation: \/evil\.test\/\r\n/);
    await ask('GET /x?a=%2F&slipway-token=right&b HTTP/1.1');
    expect(requests).toEqual([expect.stringMatching(/^GET \/x\?a=%2F&b HTTP\/1\.1\r\n/)]);
    for (const line of ['GET //[ HTTP/1.1', 'GET //[?slipway-token=right HTTP/1.1']) expect(await ask(line)).toMatch(/^HTTP\/1\.1 400 /);
    // Only as it was given: nothing else would be taken out again.
    expect(await ask('GET /?%73lipway-token=right HTTP/1.1')).toMatch(/^HTTP\/1\.1 401 /);
  });
});
