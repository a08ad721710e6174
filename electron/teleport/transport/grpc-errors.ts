import { status } from '@grpc/grpc-js';
import { AppError } from '../../../shared/errors/app-error.ts';
import { cleanText } from '../connect/clean-text.ts';
import { connectionError, tlsAlert } from '../connect/tls-errors.ts';
import { hardwareKey } from '../web/web-errors.ts';

export interface RpcContext {
  /** host:port of the proxy, for sentences about the connection. */
  readonly address: string;
  /** Full path of the method. */
  readonly rpc: string;
  /** The failure of the connection itself, if it is known: gRPC only passes a text on. */
  readonly connection?: unknown;
}

interface RpcFailure {
  readonly code: number;
  readonly details: string;
}

/**
 * A refusal by the auth server, or a lost connection, as a sentence for people. They can only be told apart by code and text, since
 * servers send no more (login-and-auth §8).
 */
export function toAppError(caught: unknown, context: RpcContext): AppError {
  if (caught instanceof AppError) return caught;
  if (!isFailure(caught)) return connectionError(caught, context.address);
  const text = cleanText(caught.details, 500, { lines: true });
  const lower = text.toLowerCase();
  const fail: Fail = (code, message) => new AppError(code, message, { details: { address: context.address, rpc: context.rpc }, cause: caught });

  const policy = /private key policy not (?:met|satisfied): ([a-z_]{1,50})/.exec(lower)?.[1];
  if (policy) return hardwareKey(policy);
  if (isConnectionFailure(caught)) {
    if (context.connection !== undefined) return connectionError(context.connection, context.address);
    return connectionFailure(text, context.address, fail);
  }
  if (
    /access to resource requires mfa|multi-factor authentication \(mfa\) is required|per-session mfa is not satisfied|unable to create mfa challenges|mfa response validation failed/.test(
      lower,
    )
  )
    return fail('session-mfa', 'This needs a proof of your second factor for each session, which Slipway cannot give yet. Use tsh for it.');
  if (lower.includes('admin-level api request requires mfa'))
    return fail('session-mfa', 'This is an administrator’s action and needs a proof of your second factor. Use the web page of the cluster for it.');
  if (lower.includes('requires a trusted device'))
    return fail('device-trust', 'The cluster only allows this from a device it knows. Enrol this computer with tsh, or ask your administrator.');
  if (/client credentials have expired|pinned ip doesn't match|pinned ip is required/.test(lower))
    return fail(
      'expired',
      lower.includes('pinned ip')
        ? 'Your login is bound to another network address. Log in again from here.'
        : 'Your login on this cluster has ended. Log in again to go on.',
    );
  const lock = /lock targeting .* is in force(?::\s*(.*))?/.exec(text);
  if (lock) return fail('locked', `An administrator has locked this account${lock[1] ? `: ${lock[1]}` : ''}. Ask them to unlock it.`);
  if (lower.includes('preventive lock-out')) return fail('locked', 'The cluster is refusing everybody for now, to be safe. Try again later.');
  if (lower.includes('rate limit exceeded')) return fail('rate-limited', 'The cluster was asked too often. Try again in a few seconds.');
  if (lower.includes('requires teleport enterprise')) return fail('unsupported', 'This needs Teleport Enterprise, which this cluster does not run.');
  const query = context.rpc.endsWith('/ListUnifiedResources') && (caught.code === status.UNKNOWN || caught.code === status.INVALID_ARGUMENT);
  if (query) return fail('query', `The cluster does not understand this search: ${cleanText(text, 300)}`);

  return byStatus(caught.code, text, fail);
}

type Fail = (code: ConstructorParameters<typeof AppError>[0], message: string) => AppError;

/** What a refusal means whose text says nothing that is known. */
function byStatus(code: number, text: string, fail: Fail): AppError {
  const lower = text.toLowerCase();
  switch (code) {
    case status.CANCELLED:
      return fail('cancelled', 'The action was cancelled.');
    case status.DEADLINE_EXCEEDED:
      return fail('timeout', 'The cluster did not answer in time. It may be overloaded, or the connection is slow. Try again.');
    case status.PERMISSION_DENIED:
      if (/^(rpc error: .*)?access denied$/.test(lower))
        return fail(
          'access-denied',
          'The cluster refused you. Either your account is locked, or you have no role on this cluster. Ask your administrator.',
        );
      if (lower.includes('invalid client certificate')) return fail('access-denied', 'The cluster does not accept your certificate. Log in again.');
      return fail('access-denied', `Your roles do not allow this: ${sentence(text)}`);
    case status.UNAUTHENTICATED:
      return fail('expired', 'The cluster does not know who you are. Log in again.');
    case status.NOT_FOUND:
      if (/failed dialing cluster|remote cluster/.test(lower))
        return fail('offline', `That cluster cannot be reached at the moment: ${sentence(text)}`);
      return fail('not-found', `The cluster does not know what was asked for: ${sentence(text)}`);
    case status.ALREADY_EXISTS:
      return fail('conflict', `It is there already: ${sentence(text)}`);
    case status.INVALID_ARGUMENT:
    case status.OUT_OF_RANGE:
      return fail('invalid-argument', `The cluster did not accept the request: ${sentence(text)}`);
    case status.FAILED_PRECONDITION:
    case status.ABORTED:
      return fail('conflict', `The cluster's state changed in between: ${sentence(text)} Try again.`);
    case status.RESOURCE_EXHAUSTED:
      if (/larger than max|message too large/.test(lower)) return fail('bad-response', 'The answer of the cluster is too large to be received.');
      return fail('rate-limited', 'The cluster is over its limits. Try again in a few seconds.');
    case status.UNIMPLEMENTED:
      return fail('unsupported', 'This version of Teleport does not offer what was asked. The cluster may have to be upgraded.');
    case status.INTERNAL:
    case status.DATA_LOSS:
      return fail(
        'bad-response',
        'The answer of the cluster could not be understood. It may be of a version that Slipway does not know, or something in between changed it.',
      );
    default:
      return fail('bad-response', `The cluster reported an error: ${sentence(text)} Try again later.`);
  }
}

/** The server's own words in a refusal, cleaned for display; empty when there are none, or the failure is another one. */
export function serverWords(error: AppError): string {
  return isFailure(error.cause) && !isConnectionFailure(error.cause) ? cleanText(error.cause.details, 500).trim() : '';
}

/** Whether the server does not know the method, so that an older one can be tried (login-and-auth §9). */
export function isUnimplemented(caught: unknown): boolean {
  return isFailure(caught) && caught.code === status.UNIMPLEMENTED;
}

/** Whether the server takes a value of the request for impossible. */
export function isInvalidArgument(caught: unknown): boolean {
  return isFailure(caught) && caught.code === status.INVALID_ARGUMENT;
}

/** Whether a message exceeded the size that gRPC accepts. */
export function isTooLarge(caught: unknown): boolean {
  return isFailure(caught) && caught.code === status.RESOURCE_EXHAUSTED && !/rate limit/i.test(caught.details);
}

function isFailure(caught: unknown): caught is RpcFailure {
  return (
    typeof caught === 'object' &&
    caught !== null &&
    'code' in caught &&
    typeof caught.code === 'number' &&
    'details' in caught &&
    typeof caught.details === 'string'
  );
}

function isConnectionFailure({ code, details }: RpcFailure): boolean {
  return code === status.UNAVAILABLE || (code === status.INTERNAL && details.includes('RST_STREAM'));
}

/** Bounds the cause in a failure's text, which the other side may make any length. */
const longestCause = 2000;

function connectionFailure(details: string, address: string, fail: (code: 'offline', message: string) => AppError): AppError {
  const text = details.slice(0, longestCause);
  if (tlsAlert(new Error(text)) !== null || /No connection established/.test(text)) {
    const cause = text
      .replace(/^.*Last error: (Error( \[[^\]]*\])?: )?/s, '')
      .replace(/ ?\(\d{4}-.*$/s, '')
      .replace(/\. Resolution note:.*$/s, '');
    return connectionError(new Error(cause), address);
  }
  if (/Name resolution failed/i.test(text)) return connectionError(new Error(`ENOTFOUND ${text}`), address);
  return fail(
    'offline',
    `The connection to the cluster behind ${address} was lost. It may be restarting, or this Slipway may be too old for it. Try again in a moment.`,
  );
}

function sentence(text: string): string {
  const line = cleanText(text, 300).trim();
  return line === '' || /[.!?…]$/.test(line) ? line : `${line}.`;
}
