import type { KeyObject } from 'node:crypto';
import { certificateLine, type SshCertificate, signCertificate } from '../../../electron/ssh/certificate.ts';
import { parsePublicKeyLine, toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import type { AccessSet } from '../state/roles.ts';
import type { SshAuthority } from './authorities.ts';
import type { Identity } from './identity.ts';

/**
 * A user's OpenSSH certificate as a line (login-and-auth §6.2): key id is the user's name, roles and traits ride in extensions.
 * `oldssh` leaves out what only Teleport reads.
 */
export function issueUserSshCertificate(
  ca: SshAuthority,
  identity: Identity,
  access: AccessSet,
  publicKeyLine: string,
  notAfter: Date,
  now: Date,
  format: string,
): string {
  const standard: Record<string, string> = {
    'teleport-roles': JSON.stringify({ roles: identity.roles }),
    'teleport-traits': JSON.stringify(identity.traits),
    ...(identity.routeToCluster ? { 'teleport-route-to-cluster': identity.routeToCluster } : {}),
    ...(identity.activeRequests.length > 0 ? { 'teleport-active-requests': JSON.stringify({ access_requests: identity.activeRequests }) } : {}),
    ...(identity.allowedResources ? { 'teleport-allowed-resources': identity.allowedResources } : {}),
    ...(identity.mfaVerified ? { 'mfa-verified': identity.mfaVerified } : {}),
    ...(identity.previousExpiry ? { 'prev-identity-expires': identity.previousExpiry } : {}),
  };
  const certificate = signCertificate(
    {
      publicKey: parsePublicKeyLine(publicKeyLine),
      kind: 'user',
      keyId: identity.user,
      principals: identity.principals,
      validAfter: BigInt(Math.floor(now.getTime() / 1000) - 60),
      validBefore: BigInt(Math.floor(notAfter.getTime() / 1000)),
      extensions: {
        'permit-pty': '',
        ...(access.has('portForwarding') ? { 'permit-port-forwarding': '' } : {}),
        ...(access.has('forwardAgent') ? { 'permit-agent-forwarding': '' } : {}),
        'login-ip': identity.loginIp,
        'private-key-policy': 'none',
        ...(format === 'oldssh' ? {} : standard),
      },
    },
    ca.key,
  );
  return `${certificateLine(certificate)}\n`;
}

/** A host certificate that never expires, with a node's principals (ssh-and-gateways §2.4). */
export function issueHostSshCertificate(
  ca: SshAuthority,
  key: KeyObject,
  host: { cluster: string; role: string; principals: readonly string[] },
): SshCertificate {
  return signCertificate(
    {
      publicKey: toSshPublicKey(key),
      kind: 'host',
      principals: host.principals,
      validAfter: 0n,
      extensions: { 'x-teleport-authority': host.cluster, 'x-teleport-role': host.role },
    },
    ca.key,
  );
}

/** Principals of a node: by UUID, by name, with and without the cluster, and the local ones. */
export function nodePrincipals(uuid: string, hostname: string, cluster: string): string[] {
  return [`${uuid}.${cluster}`, uuid, `${hostname}.${cluster}`, hostname, 'localhost', '127.0.0.1', '::1'];
}

/** The same key as PEM: servers up to 17 make both certificates from one authorized_keys line. */
export function lineToPem(line: string): string {
  return parsePublicKeyLine(line).key.export({ type: 'spki', format: 'pem' }) as string;
}
