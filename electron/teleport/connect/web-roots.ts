import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';

/** PEM certificates that web servers may also be signed by: the operating system's store, a file that the administrator names. */
export type LoadRoots = () => readonly string[];

let load: LoadRoots = () => [];
let context: SecureContext | null = null;
let isLoaded = false;

/**
 * Sets where more roots come from. They are read only after a certificate was refused by Node's own roots, since reading them takes
 * a while.
 */
export function setMoreRoots(loadRoots: LoadRoots): void {
  load = loadRoots;
  context = null;
  isLoaded = false;
}

/** The roots that web certificates are verified against; null means Node's own. */
export const webRoots = (): SecureContext | null => context;

/** Codes of certificates whose issuer is unknown. */
export const unknownIssuer = /^(UNABLE_TO_|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_UNTRUSTED)/;

/** Runs `dial` again with more roots when Node's own do not know the certificate's issuer. */
export async function withMoreRoots<T>(dial: () => Promise<T>): Promise<T> {
  const used = context;
  try {
    return await dial();
  } catch (error) {
    const isUnknown = error instanceof AppError && error.code === 'untrusted-certificate' && unknownIssuer.test(String(error.details?.reason ?? ''));
    if (!isUnknown || !hasMore(used)) throw error;
    return await dial();
  }
}

function hasMore(used: SecureContext | null): boolean {
  if (!isLoaded) {
    isLoaded = true;
    const more = load();
    if (more.length > 0) context = createSecureContext({ ca: [...rootCertificates, ...more] });
  }
  return context !== used;
}
