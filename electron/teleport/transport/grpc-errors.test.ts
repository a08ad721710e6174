import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../../shared/errors/app-error.ts';
import { exchangesOf, type RpcExchange, vectorNames } from '../../../test/wire/vectors.ts';
import { isTooLarge, isUnimplemented, toAppError } from './grpc-errors.ts';

const context = { address: 'proxy.test:443', rpc: '/proto.AuthService/Ping' };
const failure = (code: number, details: string) => ({ code, details });
const codeOf = (name: string) => {
  const { request, response } = exchangesOf<RpcExchange>(name).at(-1)!;
  return toAppError(failure(response.grpc_status, response.grpc_message), { address: 'localhost:4180', rpc: request.rpc }).code;
};

describe('refusals of a real auth server', () => {
  it.each([
    ['rpc-locked', 'access-denied'],
    ['rpc-getnode-unknown', 'not-found'],
    ['rpc-getrole-denied', 'access-denied'],
    ['rpc-garbage-body', 'bad-response'],
    ['rpc-unknown-method', 'unsupported'],
    ['rpc-unknown-service', 'unsupported'],
    ['rpc-getcurrentuser-unimplemented', 'unsupported'],
    ['rpc-version-not-semver', 'offline'],
    ['rpc-version-too-old', 'offline'],
    ['rpc-lur-predicate-syntax-error', 'query'],
    ['rpc-lur-predicate-type-error', 'query'],
    ['rpc-lur-sort-bad', 'unsupported'],
    ['rpc-resolvesshtarget-none', 'not-found'],
    ['leaf-no-role-map-ping', 'access-denied'],
    ['leaf-generatecerts', 'access-denied'],
    ['leaf-sni-leaf', 'access-denied'],
    ['leaf-wrong-ca', 'untrusted-certificate'],
    ['certs-plain-no-keys', 'invalid-argument'],
    ['certs-plain-expired-time', 'expired'],
    ['certs-plain-unknown-cluster', 'offline'],
    ['mfa-cert-totp-refused', 'session-mfa'],
    ['mfa-cert-replay', 'session-mfa'],
    ['mfa-challenge-reuse-login', 'session-mfa'],
    ['tls-expired-client-cert', 'expired'],
    ['tls-foreign-cert', 'access-denied'],
    ['tls-no-client-cert-list', 'access-denied'],
    ['tls-sni-proxyhost', 'untrusted-certificate'],
    ['tls-wrong-alpn-cluster', 'unreachable'],
    ['tls-wrong-alpn-h2', 'untrusted-certificate'],
    ['tls-wrong-alpn-unknown', 'unreachable'],
    ['tls-wrong-sni-cluster', 'access-denied'],
  ])('%s is %s', (name, code) => {
    expect(codeOf(name)).toBe(code);
  });

  it('each has a whole sentence and a code that is not internal', () => {
    let judged = 0;
    for (const prefix of ['rpc-', 'leaf-', 'certs-plain-', 'mfa-', 'req-', 'headless-', 'tls-']) {
      for (const name of vectorNames(prefix)) {
        for (const { request, response } of exchangesOf<RpcExchange>(name)) {
          if (!response?.grpc_status || response.grpc_status === 1) continue;
          const error = toAppError(failure(response.grpc_status, response.grpc_message), { address: 'localhost:4180', rpc: request.rpc });
          expect(error.code, name).not.toBe('internal');
          expect(error.message, name).toMatch(/^[A-Z][^\n]*[.…]$|^The cluster does not understand/s);
          judged++;
        }
      }
    }
    expect(judged).toBeGreaterThan(50);
  });
});

describe('texts of login-and-auth §8', () => {
  it.each([
    [7, 'access to resource requires MFA', 'session-mfa'],
    [7, 'admin-level API request requires MFA verification', 'session-mfa'],
    [7, 'access to resource requires a trusted device', 'device-trust'],
    [7, 'private key policy not met: hardware_key_touch', 'hardware-key'],
    [7, 'access denied: client credentials have expired, please relogin.', 'expired'],
    [7, "pinned IP doesn't match observed client IP", 'expired'],
    [7, 'lock targeting User:"alice" is in force: on holiday', 'locked'],
    [7, 'preventive lock-out due to local lock view becoming unreliable', 'locked'],
    [8, 'rate limit exceeded', 'rate-limited'],
    [7, 'this feature requires Teleport Enterprise', 'unsupported'],
    [4, 'Deadline exceeded', 'timeout'],
    [1, 'Cancelled on client', 'cancelled'],
    [14, 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1 (2026-11-22T17:40:13.341Z). Resolution note: ', 'unreachable'],
    [14, 'Name resolution failed for target dns:nowhere.invalid:443', 'name-not-resolved'],
  ])('%i %s', (code, text, expected) => {
    expect(toAppError(failure(code, text), context).code).toBe(expected);
  });

  it('prefers what the connection itself said', () => {
    const alert = Object.assign(new Error('SSL alert number 45'), { code: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED' });
    expect(toAppError(failure(14, 'Connection dropped'), { ...context, connection: alert }).code).toBe('expired');
  });

  it('knows what to fall back on', () => {
    expect(isUnimplemented(failure(12, 'unknown method X for service Y'))).toBe(true);
    expect(isUnimplemented(new Error('no'))).toBe(false);
    expect(isTooLarge(failure(8, 'Received message larger than max (5 vs 4)'))).toBe(true);
    expect(isTooLarge(failure(8, 'rate limit exceeded'))).toBe(false);
  });

  it('any code and text becomes an error that can be shown', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'binary', maxLength: 3000 }), (code, text) => {
        const error = toAppError(failure(code, text), context);
        expect(errorCodes).toContain(error.code);
        expect(error.message.length).toBeLessThan(800);
        expect(error.message).not.toMatch(/[\u0000-\u001f\u202e]/);
      }),
    );
  });
});
