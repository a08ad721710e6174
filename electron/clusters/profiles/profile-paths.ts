import { join } from 'node:path';

/** Where the files of one login stand (tsh-profile §1.1, §1.2). */
export interface ProfilePaths {
  /** `K`: all key material of one proxy host; the only place for temporary files. */
  folder: string;
  key: string;
  cert: string;
  /** Where tsh 14 to 16 has the user certificate; their key for it is `sshKey` (docs/protocol/versions.md §8). */
  olderCert: string;
  sshKey: string;
  sshPub: string;
  sshCertFolder: string;
  casFolder: string;
  certsPem: string;
  /** Left by a failed `tsh kube credentials`; login and logout remove it. */
  kubeFailure: string;
  /** What else was issued for this login's keys. */
  derivedFiles: string[];
  derivedFolders: string[];
}

export function profilePaths(home: string, profile: string, user: string): ProfilePaths {
  const folder = join(home, 'keys', profile);
  const of = (suffix: string) => join(folder, `${user}${suffix}`);
  return {
    folder,
    key: of('.key'),
    cert: of('.crt'),
    olderCert: of('-x509.pem'),
    sshKey: of(''),
    sshPub: of('.pub'),
    sshCertFolder: of('-ssh'),
    casFolder: join(folder, 'cas'),
    certsPem: join(folder, 'certs.pem'),
    kubeFailure: join(folder, 'kube_credentials.lock'),
    derivedFiles: ['-access-graph.crt', '.ppk'].map(of),
    derivedFolders: ['-app', '-db', '-kube', '-windowsdesktop'].map(of),
  };
}

export const yamlPath = (home: string, profile: string) => join(home, `${profile}.yaml`);
export const currentProfilePath = (home: string) => join(home, 'current-profile');
export const knownHostsPath = (home: string) => join(home, 'known_hosts');
