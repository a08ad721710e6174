import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { keyLockWait, type OpenLockFile, withLock } from '../../lib/file-lock.ts';
import { isFolder, readText } from '../../lib/files.ts';
import { checkFileName } from './names.ts';
import { isHardwareKey, publicBlobInCertificate, publicBlobInLine, publicLineOfKeyFile } from './openssh-key.ts';
import type { ProfilePaths } from './profile-paths.ts';

/** What a login consists of, texts as they stand on disk. */
export interface Credentials {
  /** PEM. */
  tlsKey: string;
  tlsCert: string;
  /** PEM in OpenSSH's form. */
  sshKey: string;
  /** `type base64` and a newline. */
  sshPub: string;
  /** Certificate as an authorized_keys line. */
  sshCert: string;
}

export type CredentialsReading =
  | { state: 'complete'; credentials: Credentials }
  /** The files do not belong together, or are cut off. `digest` identifies this set of files. */
  | { state: 'mismatch'; digest: string }
  /** `none`: nothing there; a hardware key cannot be used by software. */
  | { state: 'none' | 'hardware-key' };

/** A writer without a lock needs milliseconds; a second covers a slow disk and is still short enough to wait for. */
const retryForMs = 1000;
const retryEveryMs = 60;

/** Sets of files that still did not fit together after the wait, by key path: the next reading does not wait for the same set again. */
export type KnownMismatches = Map<string, string>;

/**
 * Reads one login under the shared lock that tsh's readers take. A writer without a lock may be halfway, so files that do not fit
 * together are read again for about a second before they count (tsh-profile §2.6).
 */
export async function readCredentials(
  locks: OpenLockFile,
  paths: ProfilePaths,
  cluster: string,
  known: KnownMismatches,
): Promise<CredentialsReading> {
  const end = performance.now() + retryForMs;
  for (;;) {
    const reading = await withLock(locks, { path: paths.key, kind: 'shared', wait: keyLockWait }, () => readOnce(paths, cluster));
    if (reading.state !== 'mismatch') {
      known.delete(paths.key);
      return reading;
    }
    if (known.get(paths.key) === reading.digest) return reading;
    if (performance.now() >= end) {
      known.set(paths.key, reading.digest);
      return reading;
    }
    await new Promise((resolve) => setTimeout(resolve, retryEveryMs));
  }
}

async function readOnce(paths: ProfilePaths, cluster: string): Promise<CredentialsReading> {
  if (!(await isFolder(paths.folder))) return { state: 'none' };
  const files = [paths.key, paths.cert, paths.sshKey, paths.sshPub, paths.olderCert] as const;
  const [key = '', cert = '', sshKey = '', sshPub = '', olderCert = ''] = (await Promise.all(files.map(readText))).map((text) => text ?? '');
  // The newer layout has a key of its own for TLS, tsh 14 to 16 one for both.
  const [tlsKey, tlsCert] = isOlderLayout(cert, olderCert, sshKey) ? [sshKey, olderCert] : [key, cert];
  const sshCert = await readSshCertificate(paths, [rootClusterOf(tlsCert), cluster]);
  if (isHardwareKey(tlsKey) || isHardwareKey(sshKey)) return { state: 'hardware-key' };
  if (!tlsKey && !tlsCert && !sshCert) return { state: 'none' };
  const credentials = { tlsKey, tlsCert, sshKey, sshPub, sshCert };
  if (pairsFit(credentials)) return { state: 'complete', credentials };
  return { state: 'mismatch', digest: createHash('sha256').update(JSON.stringify(credentials)).digest('hex') };
}

/** Whether tsh 14 to 16 made the login: its certificate is the only one, or a later one for the key that is there now. */
function isOlderLayout(cert: string, olderCert: string, sshKey: string): boolean {
  if (!olderCert || !cert || olderCert === cert) return olderCert !== '' && !cert;
  try {
    const [newer, older] = [new X509Certificate(cert), new X509Certificate(olderCert)];
    return Date.parse(older.validFrom) > Date.parse(newer.validFrom) && older.checkPrivateKey(createPrivateKey(sshKey));
  } catch {
    return false;
  }
}

/** The root cluster's certificate serves all clusters; the one named in the profile may be a leaf's. */
async function readSshCertificate(paths: ProfilePaths, clusters: (string | null)[]): Promise<string> {
  for (const cluster of clusters) {
    const text = cluster && (await readText(join(paths.sshCertFolder, `${cluster}-cert.pub`)));
    if (text) return text;
  }
  return '';
}

/** Name of the cluster that issued a user certificate: the issuer's CN (tsh-profile §1.4). Null when it cannot be read or is no file name. */
export function rootClusterOf(tlsCert: string): string | null {
  try {
    const name = /^CN=(.+)$/m.exec(new X509Certificate(tlsCert).issuer)?.[1];
    return name ? checkFileName('cluster name', name) : null;
  } catch {
    return null;
  }
}

/** The X.509 pair and the SSH triple each belong together. */
export function pairsFit({ tlsKey, tlsCert, sshKey, sshPub, sshCert }: Credentials): boolean {
  try {
    if (!new X509Certificate(tlsCert).checkPrivateKey(createPrivateKey(tlsKey))) return false;
  } catch {
    return false;
  }
  const certified = publicBlobInCertificate(sshCert);
  const named = publicBlobInLine(sshPub);
  return certified !== null && named !== null && certified.equals(named) && publicLineOfKeyFile(sshKey) === sshPub;
}
