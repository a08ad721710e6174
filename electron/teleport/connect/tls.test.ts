import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAuthority, createWebCertificate, issueHostCertificate } from '../../../test/cluster/pki/x509.ts';
import { type LocalServer, listen, startTls } from '../../../test/wire/servers.ts';
import { dialTls, needsUpgrade } from './tls.ts';
import { isAlpnFailure } from './tls-errors.ts';

let running: LocalServer | undefined;
afterEach(() => running?.close());
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error) => `${error.name} ${error.code}`,
  );

describe('whether the upgrade is needed', () => {
  it.each([
    ['the name comes back', { ALPNProtocols: ['teleport-reversetunnel', 'http/1.1'] }, false],
    ['no ALPN at all', {}, true],
    ['alert 120', { ALPNProtocols: ['http/1.1'] }, true],
  ])('%s', async (_name, options, expected) => {
    const web = await createWebCertificate(['localhost']);
    running = await startTls(() => {}, { cert: web.cert, key: web.key, ...options });
    expect(await needsUpgrade(running.address, { trustedFingerprint: web.fingerprint })).toBe(expected);
  });

  it.each([
    ['error:100000f6:SSL routines:OPENSSL_internal:INVALID_ALPN_PROTOCOL', true],
    ['error:0A00006E:SSL routines::bad extension', true],
    ['error:0A000460:SSL routines::tlsv1 alert no application protocol:SSL alert number 120', true],
    ['error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48', false],
    ['read ECONNRESET', false],
  ])('%s: %s', (text, expected) => expect(isAlpnFailure(new Error(text))).toBe(expected));

  it('what cannot be found out is said', async () => {
    running = await startTls(() => {});
    expect(await code(needsUpgrade(running.address))).toBe('AppError untrusted-certificate');
    await running.close();
    expect(await code(needsUpgrade(running.address))).toBe('AppError unreachable');
    expect(await code(needsUpgrade(running.address, { signal: AbortSignal.abort() }))).toBe('AppError cancelled');
  });
});

describe('dialling', () => {
  it('verifies against the given authority alone, by the given name', async () => {
    const authority = await createAuthority('root.test');
    const other = await createAuthority('root.test');
    const host = await issueHostCertificate(authority, { uuid: 'u', cluster: 'root.test', role: 'Proxy', names: ['*.teleport.cluster.local'] });
    running = await startTls((socket) => socket.end('hello'), { ...host, ALPNProtocols: ['x'] });
    const target = { host: '127.0.0.1', port: running.port, alpn: ['x'], ca: [authority.pem], servername: 'abc.teleport.cluster.local' };
    const socket = await dialTls(target);
    expect(socket.alpnProtocol).toBe('x');
    socket.destroy();
    // SNI labels of long cluster names are over 63 characters.
    (await dialTls({ ...target, servername: `${'6162'.repeat(24)}.teleport.cluster.local` })).destroy();
    expect(await code(dialTls({ ...target, ca: [other.pem] }))).toBe('AppError untrusted-certificate');
    expect(await code(dialTls({ ...target, servername: 'teleport.example.com' }))).toBe('AppError untrusted-certificate');
    expect(await code(dialTls({ ...target, ca: undefined, trustedFingerprint: running.fingerprint }))).toBe('AppError untrusted-certificate');
  });

  it('is cancelled at once, in every phase', async () => {
    const abort = new AbortController();
    running = await listen(
      createServer((socket) => {
        socket.on('error', () => {});
        abort.abort();
      }),
    );
    const dialling = code(dialTls({ host: '127.0.0.1', port: running.port, alpn: [], signal: abort.signal }));
    expect(await dialling).toBe('AppError cancelled');
    expect(await code(dialTls({ host: '127.0.0.1', port: running.port, alpn: [], signal: abort.signal }))).toBe('AppError cancelled');
  });
});

describe('a refused connection upgrade', () => {
  it.each([
    ['404', 'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n', 'unsupported'],
    ['a page', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', 'bad-response'],
    [
      'a wrong accept',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: alpn-ping\r\n\r\n',
      'bad-response',
    ],
    ['no HTTP', 'nonsense\r\n\r\n', 'bad-response'],
  ])('%s', async (_name, answer, expected) => {
    running = await startTls((socket) => socket.once('data', () => socket.end(answer)));
    const target = {
      host: 'localhost',
      port: running.port,
      alpn: ['h2'],
      ca: [],
      upgrade: true,
      version: '19.0.0',
      trustedFingerprint: running.fingerprint,
    };
    expect(await code(dialTls(target))).toBe(`AppError ${expected}`);
  });

  it('uses the older flavour with servers before 15.1 only', async () => {
    const asked: (string | undefined)[] = [];
    running = await startTls((socket) =>
      socket.once('data', (chunk) => {
        asked.push(/^upgrade: (.*)\r$/im.exec(chunk.toString())?.[1]);
        socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      }),
    );
    for (const version of ['14.3.0', '15.0.9', '15.1.0', '19.0.0', ''])
      await code(
        dialTls({ host: 'localhost', port: running.port, alpn: ['h2'], ca: [], upgrade: true, version, trustedFingerprint: running.fingerprint }),
      );
    expect(asked).toEqual(['alpn-ping', 'alpn-ping', 'websocket', 'websocket', 'websocket']);
  });
});
