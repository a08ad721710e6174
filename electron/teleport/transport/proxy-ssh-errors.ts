import { AppError, type ErrorCode } from '../../../shared/errors/app-error.ts';
import { cleanText } from '../connect/clean-text.ts';

/** The status with which a proxy ends ProxySSH, as a sentence for people (ssh-and-gateways §1.5). */
export function dialError(status: number, encodedMessage: string): AppError {
  // Nested errors are lines; the last one is the innermost.
  const lines = decodeMessage(encodedMessage).split('\n');
  const text = cleanText(lines.at(-1)?.trim(), 400);
  const fail = (code: ErrorCode, sentence: string) => new AppError(code, sentence, { details: { status, server: text } });
  const quote = text ? ` The cluster says: ${text}` : '';
  switch (status) {
    case 3:
      return fail('invalid-argument', `The cluster does not understand the name of this server.${quote}`);
    case 4:
      return fail('timeout', 'The cluster did not reach the server in time. Try again in a moment.');
    case 5:
      if (/ambiguous/i.test(text)) return fail('conflict', 'Several servers have this name. Open the one you mean from the list of resources.');
      if (/cluster .*not found/i.test(text))
        return fail('not-found', 'This cluster is not known any more, or you have no access to it. Refresh the list of resources.');
      return fail('not-found', 'This server was not found. It may have been removed, or your roles do not show it any more.');
    case 7:
      return fail('access-denied', `The cluster does not allow this connection.${quote}`);
    case 8:
      return fail('rate-limited', `The cluster has reached a limit on connections. Close some, or try again later.${quote}`);
    case 12:
      return fail('server-version', 'This cluster is too old for connections from Slipway.');
    case 14:
      return fail('node-offline', `The cluster cannot reach this server: it is offline or does not exist.${quote}`);
    case 16:
      return fail('expired', 'Your login on this cluster has ended. Log in again to go on.');
    default:
      return fail('bad-response', `The cluster could not connect to the server.${quote}`);
  }
}

/** A grpc-message header: UTF-8 with percent escapes; broken escapes stay as they are. */
function decodeMessage(encoded: string): string {
  try {
    return decodeURIComponent(encoded.slice(0, 16384));
  } catch {
    return encoded.slice(0, 16384);
  }
}
