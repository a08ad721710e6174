import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type SshCertificate, signCertificate } from '../../../electron/ssh/certificate.ts';
import { toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import type { Faults } from '../faults.ts';
import type { SshAuthority } from '../pki/authorities.ts';
import { issueHostSshCertificate } from '../pki/openssh.ts';

/** A host certificate of the given name, honest or wrong in one way. */
export function hostCertificate(
  ca: SshAuthority,
  key: KeyObject,
  host: { cluster: string; principals: readonly string[] },
  lie: Faults['lie'],
): SshCertificate {
  const fields = { publicKey: toSshPublicKey(key), kind: 'host' as const, principals: host.principals, validAfter: 0n };
  switch (lie) {
    case 'host-key':
      return signCertificate(fields, generateKeyPairSync('ed25519').privateKey);
    case 'host-name':
      return signCertificate({ ...fields, principals: ['11111111-2222-4333-8444-555555555555', 'another-host'] }, ca.key);
    case 'host-expired':
      return signCertificate({ ...fields, validBefore: 1n }, ca.key);
    case 'host-type':
      return signCertificate({ ...fields, kind: 'user' }, ca.key);
    case 'host-option':
      return signCertificate({ ...fields, criticalOptions: { 'force-command': 'true' } }, ca.key);
    default:
      return issueHostSshCertificate(ca, key, { ...host, role: 'Node' });
  }
}
