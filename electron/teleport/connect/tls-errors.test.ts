import { constants } from 'node:crypto';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createWebCertificate } from '../../../test/cluster/pki/x509.ts';
import { type LocalServer, listen, startTls } from '../../../test/wire/servers.ts';
import { dialTls } from './tls.ts';
import { connectionError } from './tls-errors.ts';

let running: LocalServer | undefined;
afterEach(() => running?.close());

const raw = /SSL|routines|error:|deps|ERR_|E[A-Z]{5,}|argument|0x|[0-9A-F]{8}:/;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => new AppError('internal', 'it worked'),
    (error: AppError) => error,
  );
const dial = (port: number, host = 'localhost', servername = host) => failure(dialTls({ host, port, servername, alpn: ['http/1.1'] }));

describe('servers whose TLS does not fit', () => {
  it.each([
    ['1.0', { minVersion: 'TLSv1', maxVersion: 'TLSv1' }],
    ['1.1', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }],
  ] as const)('TLS %s is too old, in words', async (_name, versions) => {
    const { cert, key } = await createWebCertificate(['localhost']);
    running = await startTls(() => {}, { cert, key, ...versions, ciphers: 'DEFAULT@SECLEVEL=0' });
    const error = await dial(running.port);
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining('TLS 1.2 or newer') });
    expect(error.message).not.toMatch(/routines|error:/);
  });

  it('no cipher in common', async () => {
    const { cert, key } = await createWebCertificate(['localhost']);
    running = await startTls(() => {}, { cert, key, maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0', secureOptions: constants.SSL_OP_ALL });
    expect(await dial(running.port)).toMatchObject({ code: 'unsupported', message: expect.stringContaining('no encryption in common') });
  });

  it('every alert, and bytes of any kind, become a sentence', async () => {
    let answer = Buffer.alloc(0);
    running = await listen(createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(answer))));
    const answers = [0, 10, 20, 22, 40, 43, 47, 49, 50, 51, 70, 71, 80, 86, 90, 109, 110, 112, 113, 115, 255]
      .map((alert) => Buffer.from([21, 3, 3, 0, 2, 2, alert]))
      .concat(
        ['SSH-2.0-x\r\n', 'HTTP/1.1 400 Bad\r\n\r\n', '\0\0\0\0', '\x16\x03\x03\0\x04\x02\0\0\0', '\x16\x03\x03\xff\xff'].map((text) =>
          Buffer.from(text, 'latin1'),
        ),
      );
    for (answer of answers) {
      const { code, message } = await dial(running.port);
      expect([answer.toString('hex'), code, message]).toEqual([
        answer.toString('hex'),
        expect.not.stringMatching(/internal/),
        expect.not.stringMatching(raw),
      ]);
      expect(message).toMatch(/^[A-Z].*\.$/s);
    }
  });
});

it.each([
  ['a NUL', 'loc\0alhost', 'bad-address'],
  ['a name too long for TLS', 'a'.repeat(300), 'bad-address'],
])('a server name with %s is told as one', async (_name, servername, code) => {
  running = await startTls(() => {});
  const error = await dial(running.port, 'localhost', servername);
  expect([code, 'untrusted-certificate']).toContain(error.code);
  expect(error.message).not.toMatch(/[\0]|ERR_|routines/);
});

describe('what libraries say', () => {
  it.each([
    ['ERR_INVALID_ARG_VALUE', "The argument 'host' must be a string without null bytes. Received 'a\\x00b'", 'bad-address'],
    ['ERR_SOCKET_BAD_PORT', 'Port should be >= 0 and < 65536. Received type number (70000).', 'bad-address'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'error:0A000102:SSL routines::unsupported protocol', 'unsupported'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION', 'unsupported'],
    ['EPROTO', 'write EPROTO error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE', 'unsupported'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112', 'wrong-port'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines:ssl3_get_record:wrong version number', 'wrong-port'],
    ['ERR_SSL_CERTIFICATE_VERIFY_FAILED', 'error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED', 'untrusted-certificate'],
    ['ERR_SSL_EE_KEY_TOO_SMALL', 'error:0A00018F:SSL routines::ee key too small', 'untrusted-certificate'],
    ['ERR_OSSL_PEM_NO_START_LINE', 'error:0480006C:PEM routines::no start line', 'access-denied'],
    ['ERR_OSSL_X509_KEY_VALUES_MISMATCH', 'error:05800074:x509 certificate routines::key values mismatch', 'access-denied'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'TLS handshake timeout', 'timeout'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'Premature close', 'unreachable'],
    ['ERR_HTTP2_ERROR', 'Protocol error', 'unreachable'],
    ['EMFILE', 'connect EMFILE 10.0.0.1:443 - Local (undefined:undefined)', 'unreachable'],
    ['EACCES', 'connect EACCES 10.0.0.1:443', 'unreachable'],
    ['ESERVFAIL', 'queryA ESERVFAIL proxy.test', 'name-not-resolved'],
    // BoringSSL: an end in the middle of the handshake, and bytes that are no TLS.
    ['ERR_SSL_SSL_HANDSHAKE_FAILURE', 'error:100000d7:SSL routines:OPENSSL_internal:SSL_HANDSHAKE_FAILURE', 'unreachable'],
    ['ERR_SSL_DECODE_ERROR', 'error:10000089:SSL routines:OPENSSL_internal:DECODE_ERROR', 'wrong-port'],
    ['ERR_SSL_SOMETHING_NEW', 'error:0BADC0DE:SSL routines:fresh:something new:../deps/openssl/x.c:1:', 'unreachable'],
  ])('%s', (code, message, expected) => {
    const error = connectionError(Object.assign(new Error(message), { code }), 'proxy.test:443\0');
    expect(error.code).toBe(expected);
    expect(error.message).not.toMatch(raw);
    expect(`${error.message}${error.details?.address}`).not.toContain('\0');
  });
});
