import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';

/** The facts about a web certificate that no root vouches for. Except for the fingerprint, every text is the server's own claim. */
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

/**
 * Whether the certificate has changed: it is not the one that the person trusted, or this computer could verify the proxy's earlier
 * one.
 */
export function isChanged(facts: CertificateFacts, clusters: readonly Cluster[]): boolean {
  if (facts.trusted !== '') return true;
  return clusters.some(
    ({ address, serverVersion, trustedFingerprint }) => address === facts.address && serverVersion !== null && trustedFingerprint === null,
  );
}

/** Runs `work`. A failure about a certificate that a person may decide on goes to `ask`; any other is thrown. */
export async function askAboutCertificate(work: () => Promise<void>, ask: (facts: CertificateFacts) => void): Promise<void> {
  try {
    await work();
  } catch (caught) {
    const facts = certificateFacts(AppError.from(caught));
    if (!facts) throw caught;
    ask(facts);
  }
}
