import { AppError, type ErrorCode } from '../../../shared/errors/app-error.ts';
import { systemCode } from '../../lib/system-calls.ts';
import { cleanText } from './clean-text.ts';

/** TLS alerts by the number of RFC 8446 §6.2, as OpenSSL and BoringSSL word them. */
const alerts: readonly (readonly [number, RegExp])[] = [
  [42, /alert[ _]bad[ _]certificate/i],
  [44, /alert[ _]certificate[ _]revoked/i],
  [45, /alert[ _]certificate[ _]expired/i],
  [46, /alert[ _]certificate[ _]unknown/i],
  [48, /alert[ _]unknown[ _]ca/i],
  [116, /alert[ _]certificate[ _]required/i],
  [120, /alert[ _]no[ _]application[ _]protocol/i],
];

interface Kind {
  /** Against the error's code and message, with " #" and the number of a TLS alert where one came. */
  pattern: RegExp;
  code: ErrorCode;
  says(address: string): string;
}

/**
 * Messages of the TLS libraries by kind; the first match counts. OpenSSL writes words, BoringSSL and Node's codes join them by
 * underscores.
 */
const kinds: readonly Kind[] = [
  { pattern: / #4[45]$/, code: 'expired', says: () => 'Your login on this cluster has ended. Log in again to go on.' },
  {
    pattern: / #(42|46|48|116)$/,
    code: 'access-denied',
    says: () =>
      'The cluster does not accept your certificate. It may have new certificate authorities, or the login belongs to another cluster. Log in again.',
  },
  {
    pattern: / #120$|INVALID_ALPN_PROTOCOL/,
    code: 'wrong-port',
    says: (address) =>
      `The server at ${address} does not offer what Teleport needs on this port. Check the address, or ask whether a load balancer stands in front of it.`,
  },
  {
    pattern: /ENOTFOUND|EAI_|ESERVFAIL|ENODATA/,
    code: 'name-not-resolved',
    says: (address) => `No computer with the name in ${address} was found. Check the spelling, and that this computer is online or on the right VPN.`,
  },
  { pattern: /ETIMEDOUT|ESOCKETTIMEDOUT|ERR_TLS_HANDSHAKE_TIMEOUT/, code: 'timeout', says: timeoutText },
  {
    pattern: /ECONNREFUSED/,
    code: 'unreachable',
    says: (address) => `Nothing answers at ${address}. The server may be down, or it listens on another port.`,
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|ENETRESET/,
    code: 'unreachable',
    says: (address) => `There is no way to ${address} from this network. Check the connection or the VPN.`,
  },
  {
    pattern: /^(EACCES|EPERM) /,
    code: 'unreachable',
    says: (address) => `This computer does not let Slipway connect to ${address}. Check its firewall and security software.`,
  },
  {
    pattern: /^(EMFILE|ENFILE|ENOBUFS|ENOMEM) /,
    code: 'unreachable',
    says: (address) => `This computer has too many open connections for one more to ${address}. Close some and try again.`,
  },
  {
    pattern: /ERR_INVALID_|ERR_SOCKET_BAD_PORT|ERR_UNESCAPED|ERR_OUT_OF_RANGE|EXT[ _]INVALID[ _]SERVERNAME|(^| )EINVAL /i,
    code: 'bad-address',
    says: (address) => `${address} is no address that can be connected to. Check its spelling.`,
  },
  {
    pattern: / #(70|86)$|UNSUPPORTED[ _]PROTOCOL|ALERT[ _]PROTOCOL[ _]VERSION|VERSION[ _]TOO[ _]LOW|INAPPROPRIATE[ _]FALLBACK/i,
    code: 'unsupported',
    says: (address) =>
      `The server at ${address} speaks only a version of TLS that is no longer safe. Slipway needs TLS 1.2 or newer: check the address, or ask the administrator to allow it there.`,
  },
  {
    pattern:
      /WRONG[ _]VERSION[ _]NUMBER|PACKET[ _]LENGTH[ _]TOO[ _]LONG|HTTP_REQUEST|HTTP[ _]REQUEST|HTTPS[ _]PROXY[ _]REQUEST|UNEXPECTED[ _]MESSAGE|LENGTH[ _]TOO[ _]LONG|LENGTH[ _]MISMATCH|(?<!ALERT[ _])DECODE[ _]ERROR|RECORD[ _]TOO[ _]LARGE|BAD[ _]RECORD[ _]TYPE|RECORD[ _]OVERFLOW|UNEXPECTED[ _]RECORD/i,
    code: 'wrong-port',
    says: (address) =>
      `The server at ${address} does not speak HTTPS. This is probably the wrong port: a Teleport proxy usually listens on 443 or 3080.`,
  },
  {
    pattern:
      /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|CRL_|ERROR_IN_C|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME)|self-signed certificate|unable to verify the first certificate|unable to get (local )?issuer|does not match certificate's altnames|CERTIFICATE[ _]VERIFY[ _]FAILED|(EE|CA)[ _](KEY|MD)[ _]TOO[ _](SMALL|WEAK)/i,
    code: 'untrusted-certificate',
    says: (address) => `The server at ${address} could not prove that it belongs to the cluster. Do not go on if you did not expect this.`,
  },
  {
    pattern: / #(40|71)$|ALERT[ _]HANDSHAKE[ _]FAILURE|INSUFFICIENT[ _]SECURITY|NO[ _](SHARED|SUITABLE|CIPHERS?)[ _]|(DH|EC)[ _]KEY[ _]TOO[ _]SMALL/i,
    code: 'unsupported',
    says: (address) =>
      `The server at ${address} and Slipway know no encryption in common. Check the address; if it is right, ask the administrator which TLS settings the proxy has.`,
  },
  {
    pattern: / #112$|UNRECOGNIZED[ _]NAME/i,
    code: 'wrong-port',
    says: (address) => `The server at ${address} does not go by that name. Check the address, or ask the administrator for the cluster's public one.`,
  },
  {
    pattern: /ERR_OSSL_|KEY[ _]VALUES[ _]MISMATCH|NO[ _]START[ _]LINE/i,
    code: 'access-denied',
    says: () => 'The key and certificate of your login cannot be used. Log in again to get new ones.',
  },
  {
    pattern:
      /ECONNRESET|EPIPE|ECONNABORTED|socket hang up|disconnected before secure|closed|SSL_HANDSHAKE_FAILURE|PREMATURE_CLOSE|STREAM_DESTROYED|WRITE_AFTER_END/i,
    code: 'unreachable',
    says: (address) => `The server at ${address} closed the connection. It may be restarting, or something between here and there blocks it.`,
  },
];

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${systemCode(error) ?? ''} ${error.message}`;
}

/** Number of the TLS alert that the other side sent, or null. */
export function tlsAlert(error: unknown): number | null {
  const text = textOf(error);
  const numbered = /SSL alert number (\d{1,3})/i.exec(text);
  if (numbered) return Number(numbered[1]);
  return alerts.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** Whether ALPN failed: the other side accepts none of the offered names, or chose one that was not offered. */
export function isAlpnFailure(error: unknown): boolean {
  return tlsAlert(error) === 120 || /INVALID_ALPN_PROTOCOL|bad[ _]extension/i.test(textOf(error));
}

/**
 * A failure to reach `address` (host:port) by TCP or TLS, as a sentence for people. The libraries' own messages are only in its
 * cause.
 */
export function connectionError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError') return AppError.from(error);
  const alert = tlsAlert(error);
  const text = `${textOf(error)}${alert === null ? '' : ` #${alert}`}`;
  const shown = cleanText(address, 300);
  const kind = kinds.find(({ pattern }) => pattern.test(text));
  const message = kind
    ? kind.says(shown)
    : `The connection to ${shown} broke off before it was ready. Try again; if it stays, check that the address is a Teleport proxy’s.`;
  return new AppError(kind?.code ?? 'unreachable', message, { details: { address: shown }, cause: error });
}

export function timeoutError(address: string, cause?: unknown): AppError {
  return new AppError('timeout', timeoutText(address), { details: { address }, cause });
}

function timeoutText(address: string): string {
  return `${address} did not answer in time. The server may be overloaded or a firewall may be in the way. Try again.`;
}
