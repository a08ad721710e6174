import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { cleanText } from './clean-text.ts';

/**
 * Accepts the web certificate of the other side if the system's roots vouch for it and it names the host, or if it is exactly the
 * one that the person chose to trust for this proxy. Refuses any other, with the facts that a person needs to decide.
 */
export function checkWebCertificate(socket: TLSSocket, address: string, trustedFingerprint: string | null | undefined): void {
  if (socket.authorized) return;
  // Read once and only as this class: afterwards Node 20 returns nothing for `getPeerCertificate()`.
  const certificate = socket.getPeerX509Certificate();
  const fingerprint = certificate?.fingerprint256 ?? '';
  if (fingerprint !== '' && trustedFingerprint && sameFingerprint(fingerprint, trustedFingerprint)) return;
  const reason = String(socket.authorizationError ?? '');
  throw new AppError('untrusted-certificate', sentence(address, reason, Boolean(trustedFingerprint)), {
    details: {
      address,
      fingerprint,
      subject: nameOf(certificate?.subject),
      issuer: nameOf(certificate?.issuer),
      validFrom: cleanText(certificate?.validFrom, 100),
      validTo: cleanText(certificate?.validTo, 100),
      reason: cleanText(reason, 100),
      // The certificate that the person trusted before, if this is another one.
      ...(trustedFingerprint ? { trustedFingerprint } : {}),
    },
  });
}

function sentence(address: string, reason: string, changed: boolean): string {
  if (changed)
    return `The certificate of ${address} is not the one you chose to trust. It may have been renewed, or somebody may be in between. Compare the fingerprint before you trust it.`;
  if (/ALTNAME/.test(reason))
    return `The certificate of ${address} was made for another name. Check the address, or compare the fingerprint with your administrator before you trust it.`;
  if (/EXPIRED/.test(reason)) return `The certificate of ${address} has run out. Ask your administrator to renew it.`;
  return `The certificate of ${address} is not signed by anybody this computer knows. Compare its fingerprint with your administrator before you trust it.`;
}

function sameFingerprint(left: string, right: string): boolean {
  const normal = (text: string) => text.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return normal(left) === normal(right) && normal(left).length === 64;
}

/** A distinguished name, which comes as one attribute a line, on one line. */
function nameOf(name: string | undefined): string {
  return cleanText(name?.trim().replaceAll('\n', ', '), 500);
}
