import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';

/** What is known about a web certificate that nothing vouches for. Every text is the server's own claim, but the fingerprint. */
export interface CertificateFacts {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  /** host:port where it was shown. */
  readonly address: string;
  /** Fingerprint of the certificate that the person trusted there before; empty when there was none. */
  readonly trusted: string;
}

/** The facts in an `untrusted-certificate` error; null for any other error and when there is no fingerprint to decide by. */
export function certificateFacts(error: Pick<ErrorData, 'code' | 'details'>): CertificateFacts | null {
  if (error.code !== 'untrusted-certificate') return null;
  const text = (name: string) => String(error.details?.[name] ?? '');
  const fingerprint = text('fingerprint');
  if (fingerprint === '') return null;
  return {
    fingerprint,
    subject: text('subject'),
    issuer: text('issuer'),
    validFrom: text('validFrom'),
    validTo: text('validTo'),
    address: text('address'),
    trusted: text('trustedFingerprint'),
  };
}

/** Another certificate than before: than the trusted one, or than those that this computer could check when it was there the last time. */
export function isChanged(facts: CertificateFacts, clusters: readonly Cluster[]): boolean {
  if (facts.trusted !== '') return true;
  return clusters.some(
    ({ address, serverVersion, trustedFingerprint }) => address === facts.address && serverVersion !== null && trustedFingerprint === null,
  );
}

/** Does `work`; a failure over a certificate that a person may decide about is given to `ask`, any other is thrown on. */
export async function askAboutCertificate(work: () => Promise<void>, ask: (facts: CertificateFacts) => void): Promise<void> {
  try {
    await work();
  } catch (caught) {
    const facts = certificateFacts(AppError.from(caught));
    if (!facts) throw caught;
    ask(facts);
  }
}
