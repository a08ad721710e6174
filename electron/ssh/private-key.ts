import { createPrivateKey, type KeyObject } from 'node:crypto';
import keyParser from 'ssh2/lib/protocol/keyParser.js';
import './hooks/key-parser.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** A private key from PEM text: PKCS#8, PKCS#1, SEC 1 or OpenSSH's own format, without a passphrase. */
export function loadPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem.includes('OPENSSH PRIVATE KEY') ? fromOpenSsh(pem) : pem);
  } catch (cause) {
    throw new AppError('invalid-credentials', 'The private key of this login cannot be read. Log out and log in again.', {
      cause: cause instanceof Error ? cause.name : null,
    });
  }
}

function fromOpenSsh(pem: string): string {
  const parsed = keyParser.parseKey(pem);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key instanceof Error || !key.getPrivatePEM()) throw new Error('no private key');
  return key.getPrivatePEM();
}
