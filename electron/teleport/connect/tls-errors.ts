import { AppError } from '../../../shared/errors/app-error.ts';
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

const verifyFailures = /^(UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME)/;
const verifyTexts =
  /self-signed certificate|unable to verify the first certificate|unable to get (local )?issuer|does not match certificate's altnames/i;

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${(error as NodeJS.ErrnoException).code ?? ''} ${error.message}`;
}

/** Number of the TLS alert that the other side sent, or null. */
export function tlsAlert(error: unknown): number | null {
  const text = textOf(error);
  const numbered = /SSL alert number (\d{1,3})/i.exec(text);
  if (numbered) return Number(numbered[1]);
  return alerts.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** Whether ALPN was what failed: the other side takes none of the names that were offered, or chose one that was not. */
export function isAlpnFailure(error: unknown): boolean {
  return tlsAlert(error) === 120 || /INVALID_ALPN_PROTOCOL|bad[ _]extension/i.test(textOf(error));
}

/** A failure to reach `address` (host:port) by TCP or TLS, as a person understands it. */
export function connectionError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError') return AppError.from(error);
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const text = textOf(error);
  const fail = (kind: ConstructorParameters<typeof AppError>[0], message: string) =>
    new AppError(kind, message, { details: { address }, cause: error });

  switch (tlsAlert(error)) {
    case 44:
    case 45:
      return fail('expired', 'Your login on this cluster has ended. Log in again to go on.');
    case 42:
    case 46:
    case 48:
    case 116:
      return fail(
        'access-denied',
        'The cluster does not accept your certificate. It may have new certificate authorities, or the login belongs to another cluster. Log in again.',
      );
    case 120:
      return fail(
        'wrong-port',
        `The server at ${address} does not offer what Teleport needs on this port. Check the address, or ask whether a load balancer stands in front of it.`,
      );
  }
  if (/ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME/.test(text))
    return fail(
      'name-not-resolved',
      `No computer with the name in ${address} was found. Check the spelling, and that this computer is online or on the right VPN.`,
    );
  if (/ETIMEDOUT/.test(text)) return timeoutError(address, error);
  if (/ECONNREFUSED/.test(text)) return fail('unreachable', `Nothing answers at ${address}. The server may be down, or it listens on another port.`);
  if (/EHOSTUNREACH|ENETUNREACH|ENETDOWN|EHOSTDOWN|EADDRNOTAVAIL|ENETRESET/.test(text))
    return fail('unreachable', `There is no way to ${address} from this network. Check the connection or the VPN.`);
  if (
    /WRONG_VERSION_NUMBER|wrong version number|packet length too long|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE|DATA_LENGTH_TOO_LONG|record too large|RECORD_TOO_LARGE|bad record type|UNSUPPORTED_PROTOCOL|unsupported protocol|RECORD_OVERFLOW/i.test(
      text,
    )
  )
    return fail(
      'wrong-port',
      `The server at ${address} does not speak HTTPS. This is probably the wrong port: a Teleport proxy usually listens on 443 or 3080.`,
    );
  if (verifyFailures.test(code) || verifyTexts.test(text))
    return fail(
      'untrusted-certificate',
      `The server at ${address} could not prove that it belongs to the cluster. Do not go on if you did not expect this.`,
    );
  if (/ECONNRESET|EPIPE|ECONNABORTED|socket hang up|disconnected before secure|Connection closed|socket closed/i.test(text))
    return fail(
      'unreachable',
      `The server at ${address} closed the connection. It may be restarting, or something between here and there blocks it.`,
    );
  return fail('unreachable', `The connection to ${address} failed: ${cleanText(error instanceof Error ? error.message : text, 200)}.`);
}

export function timeoutError(address: string, cause?: unknown): AppError {
  return new AppError('timeout', `${address} did not answer in time. The server may be overloaded or a firewall may be in the way. Try again.`, {
    details: { address },
    cause,
  });
}
