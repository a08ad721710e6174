import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { keyLockWait, knownHostsLockWait, type OpenLockFile, withLock } from '../../lib/file-lock.ts';
import { isFolder, makeFolder, prepareText, readText, readToChange, remove, replaceText, writeInPlace } from '../../lib/files.ts';
import { freeNameBeside, keepAside } from '../../lib/keep-aside.ts';
import { type PreparedFile, sweepTemporaries } from '../../lib/replace-file.ts';
import { type HostCa, knownHostsLines, mergeKnownHosts } from './known-hosts.ts';
import { checkFileName, profileNameOf } from './names.ts';
import { isHardwareKey, publicLineOfKeyFile } from './openssh-key.ts';
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
  await replaceText(currentProfilePath(home), `${name}\n`, { folder: paths.folder, mode: mode.settings });
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
  // With one key for TLS and SSH, as all servers up to 16 want it, the login serves tsh 14 to 16 too.
  const isOneKey = publicLineOfKeyFile(credentials.tlsKey) === credentials.sshPub;
  const certificates = isOneKey ? [paths.cert, paths.olderCert] : [paths.cert];
  const pieces: [target: string, text: string][] = [
    ...certificates.map((target): [string, string] => [target, credentials.tlsCert]),
    [paths.sshKey, credentials.sshKey],
    [paths.sshPub, credentials.sshPub],
    ...certTargets.map((target): [string, string] => [target, credentials.sshCert]),
  ];
  const before = await readText(paths.key);
  if (isHardwareKey(before ?? '') || isHardwareKey((await readText(paths.sshKey)) ?? '')) throw hardwareKeyInTheWay();
  const sameKeys = before === credentials.tlsKey && (await readText(paths.sshPub)) === credentials.sshPub;
  const changes = sameKeys ? pieces.filter(([target]) => certificates.includes(target) || certTargets.includes(target)) : pieces;
  const prepared: PreparedFile[] = [];
  sweepTemporaries(paths.folder);
  try {
    for (const [target, text] of changes) prepared.push(await prepareText(target, text, { folder: paths.folder, mode: mode.secret }));
    await withLock(locks, { path: paths.key, kind: 'exclusive', wait: keyLockWait }, async (locked) => {
      if (!locked)
        throw new AppError(
          'conflict',
          'Another program is using the keys of this login. Close other tsh or Teleport Connect actions and log in again.',
        );
      // Beside another key the certificate would fit nothing.
      if (!isOneKey) await remove(paths.olderCert);
      if (!sameKeys) await writeInPlace(paths.key, Buffer.from(credentials.tlsKey));
      for (let next = prepared.shift(); next; next = prepared.shift()) await next.commit();
      if (!sameKeys || dropDerived) await removeOtherCertificates(paths.sshCertFolder, certTargets);
    });
  } finally {
    for (const file of prepared) await file.discard();
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
    changed = (await replaceText(join(paths.casFolder, `${ca.cluster}.pem`), text, { folder: paths.folder, mode: mode.ca })) || changed;
  }
  const together = usable.flatMap((ca) => ca.certificates.map((pem) => `${withNewline(pem)}\n`)).join('');
  if (changed) await replaceText(paths.certsPem, together, { folder: paths.folder, mode: mode.ca });
  const file = knownHostsPath(home);
  await withLock(locks, { path: file, kind: 'exclusive', wait: knownHostsLockWait }, async (locked) => {
    if (!locked)
      throw new AppError('conflict', `${file} is in use by another program. Close other tsh or Teleport Connect actions and log in again.`);
    // Decoded as latin1, one character per byte, so that lines of other programs stay as they are in any encoding.
    const before = (await readToChange(file)).toString('latin1');
    const lines = knownHostsLines(proxyHost, usable).map((line) => Buffer.from(line).toString('latin1'));
    const after = mergeKnownHosts(before, lines);
    if (after !== before) await writeInPlace(file, Buffer.from(after, 'latin1'));
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
  const { text, profile: before } = await readProfile(path);
  // A file that is no profile is kept beside the keys, where no tool takes it for one.
  if (!before) await keepAside(path, freeNameBeside(join(folder, `${name}.yaml`), '.broken'));
  await replaceText(path, renderProfile(before && text, profile), { folder, mode: mode.settings });
}

/** Remembers a proxy without a login. Refuses when the profile exists: adding never overwrites (tsh-profile §1.7). */
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
  sweepTemporaries(paths.folder);
  await withLock(locks, { path: paths.key, kind: 'exclusive', wait: keyLockWait }, async () => {
    for (const path of [paths.sshKey, paths.key, paths.sshPub, paths.cert, paths.olderCert, paths.kubeFailure]) await remove(path);
    await removeDerived(paths);
    if (await isFolder(paths.sshCertFolder)) await remove(paths.sshCertFolder);
  });
}

/** Removes the profile's YAML, and `current-profile` when it names it. */
export async function removeProfile(home: string, name: string): Promise<void> {
  sweepTemporaries(join(home, 'keys', checkFileName('proxy address', name)));
  await remove(yamlPath(home, name));
  if ((await readText(currentProfilePath(home)))?.trim() === name) await remove(currentProfilePath(home));
}

function hardwareKeyInTheWay(): AppError {
  return new AppError(
    'hardware-key',
    'The tsh login for this user is kept on a hardware key, which Slipway cannot use and will not overwrite. Log out of it with tsh first, or switch off "use my tsh logins".',
  );
}
