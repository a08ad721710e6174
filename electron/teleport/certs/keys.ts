import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { publicKeyLine, toSshPublicKey } from '../../ssh/public-key.ts';
import type { KeyForm } from '../connect/versions.ts';
import type { KeySuite } from '../web/web-shapes.ts';

/** Keys of one login. Private keys as tsh keeps them: RSA in PKCS#1, others in PKCS#8 PEM. */
export interface LoginKeys {
  readonly sshPrivateKey: string;
  /** authorized_keys line, newline included, no comment. */
  readonly sshPublicKey: string;
  readonly tlsPrivateKey: string;
  /** PEM: PKCS#1 for RSA, SubjectPublicKeyInfo for others. */
  readonly tlsPublicKey: string;
  readonly keyForm: KeyForm;
}

const generate = promisify(generateKeyPair);
const rsa = () => generate('rsa', { modulusLength: 2048 });
const p256 = () => generate('ec', { namedCurve: 'P-256' });
const ed25519 = () => generate('ed25519', {});

/**
 * New keys of the kinds that the cluster's suite wants (login-and-auth §3). The legacy suite and the single form have one RSA key
 * for both uses.
 */
export async function generateKeys(suite: KeySuite, form: KeyForm): Promise<LoginKeys> {
  if (suite === 'legacy' || form === 'single') {
    const key = await rsa();
    return describe(key, key, form);
  }
  const [ssh, tls] = await Promise.all([suite === 'fips-v1' ? p256() : ed25519(), p256()]);
  return describe(ssh, tls, form);
}

type Pair = { publicKey: KeyObject; privateKey: KeyObject };

function describe(ssh: Pair, tls: Pair, keyForm: KeyForm): LoginKeys {
  return {
    keyForm,
    sshPrivateKey: privatePem(ssh.privateKey),
    sshPublicKey: `${publicKeyLine(toSshPublicKey(ssh.publicKey))}\n`,
    tlsPrivateKey: privatePem(tls.privateKey),
    tlsPublicKey: tls.publicKey.export({ type: tls.publicKey.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'spki', format: 'pem' }).toString(),
  };
}

function privatePem(key: KeyObject): string {
  return key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'pkcs8', format: 'pem' }).toString();
}
