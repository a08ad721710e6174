import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { publicKeyLine, toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import { type CertificateAuthority, createAuthority } from './x509.ts';

export interface SshAuthority {
  readonly key: KeyObject;
  /** authorized_keys line with its newline. */
  readonly line: string;
}

/** All authorities of one cluster, each a key of its own. */
export interface Authorities {
  readonly user: CertificateAuthority;
  readonly host: CertificateAuthority;
  /** Made when first asked for: RSA keys take their time. */
  db(): Promise<CertificateAuthority>;
  dbClient(): Promise<CertificateAuthority>;
  readonly userSsh: SshAuthority;
  readonly hostSsh: SshAuthority;
  readonly openssh: SshAuthority;
}

export async function createAuthorities(cluster: string): Promise<Authorities> {
  const [user, host] = await Promise.all([createAuthority(cluster), createAuthority(cluster)]);
  const rsa = () => {
    let made: Promise<CertificateAuthority> | null = null;
    return () => {
      made ??= createAuthority(cluster, 'rsa');
      return made;
    };
  };
  return { user, host, db: rsa(), dbClient: rsa(), userSsh: sshAuthority(), hostSsh: sshAuthority(), openssh: sshAuthority() };
}

function sshAuthority(): SshAuthority {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: privateKey, line: `${publicKeyLine(toSshPublicKey(privateKey))}\n` };
}
