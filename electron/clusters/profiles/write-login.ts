import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { keyLockWait, knownHostsLockWait, type OpenLockFile, withLock } from '../../lib/file-lock.ts';
import { isFolder, makeFolder, prepare, putInPlace, readText, remove, replaceText, writeInPlace } from '../../lib/files.ts';
import { type HostCa, knownHostsLines, mergeKnownHosts } from './known-hosts.ts';
import { checkFileName, profileNameOf } from './names.ts';
import { isHardwareKey } from './openssh-key.ts';
import { currentProfilePath, knownHostsPath, type ProfilePaths, profilePaths, yamlPath } from './profile-paths.ts';
import { type Profile, renderProfile } from './profile-yaml.ts';
import type { Credentials } from './read-credentials.ts';
import { readProfile } from './read-profiles.ts';

/** Host CAs of one cluster: certificates as PEM texts and SSH keys as authorized_keys lines. */
export interface ClusterCas extends HostCa {
  certificates: readonly string[];
}

export interface Login {
  /** With `user`, and `cluster` = the root cluster's name. */
  profile: Profile & { user: string; cluster: string };
  credentials: Credentials;
  /** The root's first, then those of trusted clusters. */
  cas: readonly ClusterCas[];
}

/** Permissions before the umask, as tsh asks for them (tsh-profile §1.1). */
const mode = { secret: 0o600, ca: 0o640, settings: 0o660 };

/**
 * Writes a login in the order that other readers rely on: keys and certificates under the exclusive lock, CAs,
 * known_hosts, the YAML, and `current-profile` last (tsh-profile §2.3 to §2.5, §2.9). When the keys are those on disk already, only the
 * certificates change.
 */
export async function writeLogin(locks: OpenLockFile, home: string, login: Login): Promise<void> {
  const { profile, credentials } = login;
  const name = checkFileName('proxy address', profileNameOf(profile.web_proxy_addr));
  checkFileName('user name', profile.user);
  checkFileName('cluster name', profile.cluster);
  const paths = profilePaths(home, name, profile.user);
  for (const folder of [home, join(home, 'keys'), paths.folder, paths.sshCertFolder, paths.casFolder]) await makeFolder(folder);
  await writeKeys(locks, paths, [profile.cluster], credentials, false);
  await writeCas(locks, home, paths, name, login.cas);
  await writeProfile(home, paths.folder, name, profile);
  await replaceText(paths.folder, currentProfilePath(home), `${name}\n`, mode.settings);
}

/**
 * Replaces the certificates of a login whose keys stay, because other access requests are in force now. What was issued for
 * single resources goes: it belongs to the old ones (tsh-profile §1.7, "drop"). Unlike there, no certificate is missing meanwhile.
 */
export async function writeCertificates(
  locks: OpenLockFile,
  login: { home: string; name: string; user: string; cluster: string; profile: Profile },
  credentials: Credentials,
): Promise<void> {
  const paths = profilePaths(login.home, checkFileName('proxy address', login.name), checkFileName('user name', login.user));
  const clusters = [...new Set([login.cluster, login.profile.cluster || login.cluster])].map((name) => checkFileName('cluster name', name));
  await writeKeys(locks, paths, clusters, credentials, true);
}

async function writeKeys(
  locks: OpenLockFile,
  paths: ProfilePaths,
  clusters: readonly string[],
  credentials: Credentials,
  dropDerived: boolean,
): Promise<void> {
  const certTargets = clusters.map((cluster) => join(paths.sshCertFolder, `${cluster}-cert.pub`));
  const pieces: [target: string, text: string][] = [
    [paths.cert, credentials.tlsCert],
    [paths.sshKey, credentials.sshKey],
    [paths.sshPub, credentials.sshPub],
    ...certTargets.map((target): [string, string] => [target, credentials.sshCert]),
  ];
  const before = await readText(paths.key);
  if (isHardwareKey(before ?? '') || isHardwareKey((await readText(paths.sshKey)) ?? '')) throw hardwareKeyInTheWay();
  const sameKeys = before === credentials.tlsKey && (await readText(paths.sshPub)) === credentials.sshPub;
  const changes = sameKeys ? pieces.filter(([target]) => target === paths.cert || certTargets.includes(target)) : pieces;
  const prepared = new Map<string, string>();
  try {
    for (const [target, text] of changes) prepared.set(target, await prepare(paths.folder, text, mode.secret));
    await withLock(locks, { path: paths.key, kind: 'exclusive', wait: keyLockWait }, async (locked) => {
      if (!locked)
        throw new AppError(
          'conflict',
          'Another program is using the keys of this login. Close other tsh or Teleport Connect actions and log in again.',
        );
      if (!sameKeys) await writeInPlace(paths.key, credentials.tlsKey);
      for (const [target, temporary] of prepared) {
        await putInPlace(temporary, target);
        prepared.delete(target);
      }
      if (!sameKeys || dropDerived) await removeOtherCertificates(paths.sshCertFolder, certTargets);
    });
  } finally {
    for (const temporary of prepared.values()) await unlink(temporary).catch(() => {}); // the failure before is the one to tell
  }
  await remove(paths.kubeFailure);
  if (!sameKeys || dropDerived) await removeDerived(paths);
}

/** App, database, kube and desktop folders. A plain file of such a name is the SSH key of a user called `<U>-app`, and stays. */
async function removeDerived(paths: ProfilePaths): Promise<void> {
  for (const path of paths.derivedFiles) await remove(path);
  for (const path of paths.derivedFolders) if (await isFolder(path)) await remove(path);
}

/** Certificates of leaves that were issued for the keys, or with the access requests, of before. */
async function removeOtherCertificates(folder: string, kept: readonly string[]): Promise<void> {
  for (const entry of await readdir(folder)) if (!kept.includes(join(folder, entry))) await remove(join(folder, entry));
}

/** Host CAs of all clusters that are known: as PEM per cluster, all together for older tools, and in known_hosts. */
export async function writeCas(locks: OpenLockFile, home: string, paths: ProfilePaths, proxyHost: string, cas: readonly ClusterCas[]): Promise<void> {
  const usable = cas.filter((ca) => isUsableName(ca.cluster));
  let changed = (await readText(paths.certsPem)) === null;
  for (const ca of usable) {
    if (ca.certificates.length === 0) continue;
    const text = ca.certificates.map(withNewline).join('');
    changed = (await replaceText(paths.folder, join(paths.casFolder, `${ca.cluster}.pem`), text, mode.ca)) || changed;
  }
  const together = usable.flatMap((ca) => ca.certificates.map((pem) => `${withNewline(pem)}\n`)).join('');
  if (changed) await replaceText(paths.folder, paths.certsPem, together, mode.ca);
  const file = knownHostsPath(home);
  await withLock(locks, { path: file, kind: 'exclusive', wait: knownHostsLockWait }, async (locked) => {
    if (!locked)
      throw new AppError('conflict', `${file} is in use by another program. Close other tsh or Teleport Connect actions and log in again.`);
    const before = (await readText(file)) ?? '';
    const after = mergeKnownHosts(before, knownHostsLines(proxyHost, usable));
    if (after !== before) await writeInPlace(file, after);
  });
}

function isUsableName(name: string): boolean {
  try {
    return checkFileName('cluster name', name) === name && !/[\s,]/.test(name);
  } catch {
    return false;
  }
}

const withNewline = (pem: string) => (pem.endsWith('\n') ? pem : `${pem}\n`);

/** Puts the profile's values into its YAML; what others wrote there stays. */
export async function writeProfile(home: string, folder: string, name: string, profile: Profile): Promise<void> {
  const path = yamlPath(home, name);
  const { text } = await readProfile(path);
  await replaceText(folder, path, renderProfile(text, profile), mode.settings);
}

/** Remembers a proxy nobody has logged in to yet. Refuses where a profile stands: adding never overwrites (tsh-profile §1.7). */
export async function addProfile(home: string, profile: Profile): Promise<void> {
  const name = checkFileName('proxy address', profileNameOf(profile.web_proxy_addr));
  const folder = join(home, 'keys', name);
  await makeFolder(folder);
  if ((await readText(yamlPath(home, name))) !== null) throw new AppError('conflict', `There is a profile for ${name} already.`);
  await writeProfile(home, folder, name, profile);
}

/** Removes keys and certificates of one user; the profile, CAs and known hosts stay, as `tsh logout --proxy` leaves them. */
export async function removeCredentials(locks: OpenLockFile, home: string, name: string, user: string): Promise<void> {
  const paths = profilePaths(home, checkFileName('proxy address', name), checkFileName('user name', user));
  if (!(await isFolder(paths.folder))) return;
  await withLock(locks, { path: paths.key, kind: 'exclusive', wait: keyLockWait }, async () => {
    for (const path of [paths.sshKey, paths.key, paths.sshPub, paths.cert, paths.kubeFailure]) await remove(path);
    await removeDerived(paths);
    if (await isFolder(paths.sshCertFolder)) await remove(paths.sshCertFolder);
  });
}

/** Removes the profile's YAML, and `current-profile` when it names it. */
export async function removeProfile(home: string, name: string): Promise<void> {
  await remove(yamlPath(home, checkFileName('proxy address', name)));
  if ((await readText(currentProfilePath(home)))?.trim() === name) await remove(currentProfilePath(home));
}

function hardwareKeyInTheWay(): AppError {
  return new AppError(
    'hardware-key',
    'The tsh login for this user is kept on a hardware key, which Slipway cannot use and will not overwrite. Log out of it with tsh first, or switch off "use my tsh logins".',
  );
}
