import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { ExtendedKeyUsage, ExtendedKeyUsageExtension, PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import type { TlsIdentity } from '../pki/x509.ts';
import type { ClusterState } from '../state/cluster-state.ts';

/** Certificates with which the cluster's agents log in to databases: the common name is the database user (ssh-and-gateways §5.9). One for each is kept. */
export class ClientCertificates {
  readonly #cluster: ClusterState;
  readonly #made = new Map<string, Promise<TlsIdentity>>();

  constructor(cluster: ClusterState) {
    this.#cluster = cluster;
  }

  of(user: string): Promise<TlsIdentity> {
    let made = this.#made.get(user);
    if (!made) {
      made = this.#make(user);
      this.#made.set(user, made);
    }
    return made;
  }

  async #make(user: string): Promise<TlsIdentity> {
    const crypto = webcrypto as Crypto;
    const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };
    const [keys, ca] = await Promise.all([crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']), this.#cluster.authorities.dbClient()]);
    const certificate = await X509CertificateGenerator.create(
      {
        serialNumber: randomBytes(8).toString('hex').replace(/^./, '1'),
        subject: [{ CN: [user] }],
        issuer: ca.certificate.subjectName,
        notBefore: new Date(Date.now() - 60_000),
        notAfter: new Date(Date.now() + 24 * 3_600_000),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: ca.key,
        extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth], false)],
      },
      crypto,
    );
    const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { cert: `${certificate.toString('pem')}\n`, key: `${PemConverter.encode(key, 'PRIVATE KEY')}\n` };
  }
}
