import { AppError } from '../../shared/errors/app-error.ts';

/** Text of a server for people: control characters out, and no longer than a paragraph. */
export const plainText = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 500);

export const connectionLost = (cause?: unknown): AppError =>
  new AppError('closed', 'The connection to the server was lost. Reconnect to go on.', { cause });

export const loginRefused = (login: string): AppError =>
  new AppError(
    'login-refused',
    `The server refused the login “${plainText(login)}”. Your roles may not allow it there, or it needs more than your certificate proves.`,
    {
      details: { login },
    },
  );

/**
 * ssh2's failures while a connection is set up, as sentences. `failure` is already an AppError when the transport or a check of
 * ours failed.
 */
export function connectError(failure: Error & { level?: string }, login: string): AppError {
  if (failure instanceof AppError) return failure;
  if (failure.level === 'client-authentication') return loginRefused(login);
  const { message } = failure;
  if (message.includes('no matching host key format'))
    return new AppError('host-key', 'The server has no certificate to prove who it is, so Slipway did not connect.', {
      details: { reason: 'no-certificate' },
      cause: failure,
    });
  if (message.includes('signature') || message.includes('Host key does not match') || message.includes('Host denied'))
    return new AppError('host-key', 'The server could not prove that its certificate is its own, so Slipway did not connect.', {
      details: { reason: 'possession' },
      cause: failure,
    });
  if (/no matching/i.test(message))
    return new AppError('unsupported', 'The server and Slipway know no encryption in common. Ask an administrator which ciphers the server allows.', {
      cause: failure,
    });
  if (failure.level === 'client-socket' || message.includes('Connection lost')) return connectionLost(failure);
  return new AppError('bad-response', 'The server answered in a way that is not SSH. It may be another service on that port.', { cause: failure });
}

/** A refused channel (RFC 4254 §5.1). Agentless nodes use it to say that the host refused the login (ssh-and-gateways §4.2). */
export function openError(failure: Error & { reason?: number | string }, login: string): AppError {
  if (failure instanceof AppError) return failure;
  if (typeof failure.reason !== 'number') return connectionLost(failure);
  const text = plainText(failure.message.replace('(SSH) Channel open failure: ', ''));
  if (/unable to authenticate|handshake failed/.test(text))
    return new AppError(
      'login-refused',
      `The host refused the login “${plainText(login)}”: it may have no such account, or not trust this cluster.`,
      {
        details: { login, server: text },
        cause: failure,
      },
    );
  if (/dial tcp|no route|timed out|offline|unreachable/i.test(text))
    return new AppError('node-offline', refusal('The server cannot be reached from its cluster', text), { details: { server: text } });
  return new AppError('access-denied', refusal('The server refused to open a session', text), { details: { server: text, channel: 'refused' } });
}

/**
 * A refused channel of a forward (RFC 4254 §5.1): the server may not, does not reach the target, or has too many.
 */
export function forwardError(failure: Error & { reason?: number | string }, login: string): AppError {
  if (failure instanceof AppError || typeof failure.reason !== 'number') return openError(failure, login);
  const text = plainText(failure.message.replace('(SSH) Channel open failure: ', ''));
  if (failure.reason === 2) return new AppError('unreachable', refusal('The server could not reach the target', text), { details: { server: text } });
  const details = { server: text, ...(failure.reason === 4 ? { channel: 'refused' } : {}) };
  return new AppError('access-denied', refusal('The server does not let you forward ports', text), { details });
}

/** Whether the server refused a further channel on this connection. On another connection it may be accepted. */
export const isChannelRefused = (error: AppError): boolean => error.details?.channel === 'refused';

export const startError = (text: string): AppError =>
  new AppError('access-denied', refusal('The server refused to start the program', plainText(text)), { details: { server: plainText(text) } });

const refusal = (sentence: string, text: string) => (text ? `${sentence}: ${text}` : `${sentence} and gave no reason.`);
