import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { knownHostsPath, profilePaths } from '../profiles/profile-paths.ts';
import type { StoredLogin } from '../profiles/read-profiles.ts';

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

export function sshLoginOf(login: StoredLogin): SshLogin {
  if (login.reading.state !== 'complete') throw new AppError('expired', 'You are not logged in to this cluster.');
  const paths = profilePaths(login.home, login.name, login.user);
  const { sshCert, sshKey } = login.reading.credentials;
  return {
    knownHosts: knownHostsPath(login.home),
    identity: paths.sshKey,
    certificate: join(paths.sshCertFolder, `${login.cluster}-cert.pub`),
    certificateLine: sshCert,
    privateKey: sshKey,
  };
}
