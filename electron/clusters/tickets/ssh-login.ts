import { join } from 'node:path';
import { knownHostsPath, profilePaths } from '../profiles/profile-paths.ts';
import type { UsableLogin } from '../profiles/read-profiles.ts';

/** A login for SSH programs on this computer. */
export interface SshLogin {
  /** Paths of files in tsh's layout. */
  knownHosts: string;
  identity: string;
  certificate: string;
  /** OpenSSH certificate as an authorized_keys line, and its private key. */
  certificateLine: string;
  privateKey: string;
}

export function sshLoginOf(login: UsableLogin): SshLogin {
  const paths = profilePaths(login.home, login.name, login.user);
  const { sshCert, sshKey } = login.credentials;
  return {
    knownHosts: knownHostsPath(login.home),
    identity: paths.sshKey,
    certificate: join(paths.sshCertFolder, `${login.cluster}-cert.pub`),
    certificateLine: sshCert,
    privateKey: sshKey,
  };
}
