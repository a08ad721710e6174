import { AppError } from '../../shared/errors/app-error.ts';
import { type CertificateProblem, checkCertificate, parseCertificate, type SshCertificate } from './certificate.ts';
import type { SshPublicKey } from './public-key.ts';

export interface ExpectedHost {
  authorities: readonly SshPublicKey[];
  /** The very name that was dialled. */
  principal: string;
  now(): number;
}

const day = (seconds: bigint) => new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace('T', ' ');

const sentences: Record<CertificateProblem, (certificate: SshCertificate, host: ExpectedHost) => string> = {
  kind: () => 'The server identified itself with a certificate that is made for users, not for servers.',
  authority: () => 'The server’s certificate was issued by an authority that this cluster does not vouch for.',
  signature: () => 'The signature on the server’s certificate is not genuine.',
  'weak-key': () => 'The server’s certificate rests on a key that is too short to be safe.',
  'not-yet-valid': ({ validAfter }) => `The server’s certificate is not valid before ${day(validAfter)} UTC.`,
  expired: ({ validBefore }) => `The server’s certificate expired on ${day(validBefore)} UTC.`,
  'critical-option': () => 'The server’s certificate carries a restriction that Slipway does not know.',
  'no-principals': () => 'The server’s certificate names no server.',
  principal: (_certificate, { principal }) => `The server’s certificate belongs to another server than ${principal}.`,
};

const advice: Partial<Record<CertificateProblem, string>> = {
  'not-yet-valid': 'Check the clock of this computer and of the server.',
  expired: 'Check the clock of this computer, or ask an administrator to renew the certificate.',
};
const warning = 'Someone may be in between, so Slipway did not connect. Ask an administrator if this stays.';

/** Why the host key that a server presented is not to be trusted, or null (ssh-and-gateways §2.4). Never throws. */
export function verifyHost(blob: Buffer, host: ExpectedHost): AppError | null {
  try {
    const certificate = parseCertificate(blob);
    const problem = checkCertificate(certificate, { kind: 'host', authorities: host.authorities, principal: host.principal, now: host.now() });
    if (problem === null) return null;
    return new AppError('host-key', `${sentences[problem](certificate, host)} ${advice[problem] ?? warning}`, { details: { reason: problem } });
  } catch (cause) {
    return new AppError('host-key', `The server’s certificate cannot be read. ${warning}`, { details: { reason: 'malformed' }, cause });
  }
}
