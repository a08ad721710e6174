import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { publicKeyLine, toSshPublicKey } from '../../ssh/public-key.ts';

/** A key for one certificate of a gateway. It is never written anywhere. */
export interface TargetKey {
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** PEM: PKCS#1 for RSA, SubjectPublicKeyInfo for others. */
  readonly publicKey: string;
  /** authorized_keys line, for servers up to 16. */
  readonly publicKeyLine: string;
}

const generate = promisify(generateKeyPair);

/** RSA with 2048 bits for databases, which need it whatever the cluster's suite is, and for the legacy suite; P-256 otherwise (ssh-and-gateways §5.5). */
export async function generateTargetKey(algorithm: 'rsa' | 'p256'): Promise<TargetKey> {
  const { privateKey, publicKey } = await (algorithm === 'rsa' ? generate('rsa', { modulusLength: 2048 }) : generate('ec', { namedCurve: 'P-256' }));
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: algorithm === 'rsa' ? 'pkcs1' : 'spki', format: 'pem' }).toString(),
    publicKeyLine: publicKeyLine(toSshPublicKey(publicKey)),
  };
}
