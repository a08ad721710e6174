import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { OpenLockFile } from '../../lib/file-lock.ts';
import { readText } from '../../lib/files.ts';
import { isMissing } from '../../lib/read-file.ts';
import { hostCaKeys } from './known-hosts.ts';
import { checkFileName, splitAddress } from './names.ts';
import { currentProfilePath, knownHostsPath, profilePaths } from './profile-paths.ts';
import { type Profile, parseProfile } from './profile-yaml.ts';
import { type Credentials, type CredentialsReading, type KnownMismatches, readCredentials, rootClusterOf } from './read-credentials.ts';

/** One profile of a home with the login it names. */
export interface StoredLogin {
  /** Folder of the home. */
  home: string;
  /** Profile name, the proxy's host. */
  name: string;
  profile: Profile;
  /** host:port of the proxy's web listener. */
  address: string;
  /** Empty when nobody has logged in yet. */
  user: string;
  /** Root cluster's name. */
  cluster: string;
  reading: CredentialsReading;
  current: boolean;
}

/** A login whose files are complete and fit together. `ClusterAccess` checks whether its certificate has expired. */
export interface UsableLogin extends StoredLogin {
  readonly credentials: Credentials;
}

/** Throws `expired` when the login's files are missing or do not fit together. */
export function usableLogin(login: StoredLogin): UsableLogin {
  if (login.reading.state !== 'complete') throw new AppError('expired', 'You are not logged in to this cluster.');
  return { ...login, credentials: login.reading.credentials };
}

/** A folder with more profiles is not one that people made; reading all of them would delay the start. */
const maxProfiles = 500;

export interface LoginReader {
  locks: OpenLockFile;
  /** Called with each profile file that cannot be read. */
  onBroken(file: string): void;
  mismatches: KnownMismatches;
}

/** All profiles of a home. One that cannot be read is passed over; the others do not suffer from it. */
export async function readLogins(reader: LoginReader, home: string): Promise<StoredLogin[]> {
  const current = (await readText(currentProfilePath(home)))?.trim() ?? '';
  const reading = (await profileFiles(home)).map((file) =>
    readLogin(reader, home, file, current).then((login) => {
      if (login === 'broken') reader.onBroken(join(home, file));
      return login;
    }),
  );
  return (await Promise.all(reading)).filter((login) => login !== null && login !== 'broken');
}

async function profileFiles(home: string): Promise<string[]> {
  try {
    const entries = await readdir(home, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && entry.name.endsWith('.yaml'))
      .map((entry) => entry.name)
      .sort()
      .slice(0, maxProfiles);
  } catch (caught) {
    if (isMissing(caught)) return [];
    throw caught;
  }
}

async function readLogin({ locks, mismatches }: LoginReader, home: string, file: string, current: string): Promise<StoredLogin | 'broken' | null> {
  try {
    const name = basename(file, '.yaml');
    const { profile, text } = await readProfile(join(home, file));
    if (!profile) return text === null ? null : 'broken';
    const { host, port } = splitAddress(profile.web_proxy_addr);
    const address = `${host.includes(':') ? `[${host}]` : host}:${port || 3080}`;
    const user = profile.user ? checkFileName('user name', profile.user) : '';
    const cluster = checkFileName('cluster name', profile.cluster || name);
    const reading: CredentialsReading = user ? await readCredentials(locks, profilePaths(home, name, user), cluster, mismatches) : { state: 'none' };
    const root = reading.state === 'complete' ? rootClusterOf(reading.credentials.tlsCert) : null;
    return { home, name, profile, address, user, cluster: root ?? cluster, reading, current: current === name };
  } catch {
    return 'broken';
  }
}

/** A profile's YAML. tsh rewrites it in place, so what cannot be parsed is read again for a moment. */
export async function readProfile(path: string): Promise<{ text: string | null; profile: Profile | null }> {
  for (let attempt = 0; ; attempt++) {
    const text = await readText(path);
    const profile = text === null ? null : parseProfile(text);
    if (text === null || profile || attempt === 5) return { text, profile };
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** X.509 host CAs of `cluster`, as PEM texts; empty when none are stored. */
export async function readCertificateCas(login: StoredLogin, cluster: string): Promise<string[]> {
  const paths = profilePaths(login.home, login.name, login.user);
  const text = (await readText(join(paths.casFolder, `${checkFileName('cluster name', cluster)}.pem`))) ?? '';
  return text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}

/** SSH host CA keys of `cluster`, as `type base64`; empty when none are stored. */
export async function readSshCas(login: StoredLogin, cluster: string): Promise<string[]> {
  return hostCaKeys((await readText(knownHostsPath(login.home))) ?? '', cluster);
}

export async function hasCertificateCas(login: StoredLogin, cluster: string): Promise<boolean> {
  return (await readCertificateCas(login, cluster)).length > 0;
}
