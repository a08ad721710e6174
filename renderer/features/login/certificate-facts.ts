import type { ErrorData } from '../../../shared/errors/app-error.ts';

/** What is known about a web certificate that nothing vouches for. Every text is the server's own claim, but the fingerprint. */
export interface CertificateFacts {
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
}

/** The facts in an `untrusted-certificate` error; null for any other error, and when there is no fingerprint to decide by. */
export function certificateFacts(error: ErrorData | null): CertificateFacts | null {
  if (error?.code !== 'untrusted-certificate') return null;
  const text = (name: string) => String(error.details?.[name] ?? '');
  const fingerprint = text('fingerprint');
  if (fingerprint === '') return null;
  return { fingerprint, subject: text('subject'), issuer: text('issuer'), validFrom: text('validFrom'), validTo: text('validTo') };
}
