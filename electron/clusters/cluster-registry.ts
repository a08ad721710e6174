/*
 * The list of logins. The registry reads all profiles, watches their folders, and publishes one `Cluster` per login in `topic`:
 * what is on the disk, whether the certificate is still good by the clock, and the facts that the cluster has told since the start.
 * All changes of profile files go through `#change`, one after the other, each on a fresh reading, because tsh writes the same
 * files.
 */
import { join } from 'node:path';
import { AppError, type ErrorData } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import { type Cluster, type ClusterKey, clusterKey } from '../../shared/model/cluster.ts';
import { Alarm } from '../lib/alarm.ts';
import { type BackgroundReporter, inBackground } from '../lib/background.ts';
import type { OpenLockFile } from '../lib/file-lock.ts';
import { Mutex } from '../lib/mutex.ts';
import { type CertificateFacts, describeLogin, keyOf, type LiveFacts } from './describe-login.ts';
import { Homes } from './profiles/homes.ts';
import { profilePaths } from './profiles/profile-paths.ts';
import type { Profile } from './profiles/profile-yaml.ts';
import type { Credentials } from './profiles/read-credentials.ts';
import type { StoredLogin } from './profiles/read-profiles.ts';
import { watchHome } from './profiles/watch-home.ts';
import {
  addProfile,
  type ClusterCas,
  type Login,
  removeCredentials,
  removeProfile,
  writeCas,
  writeCertificates,
  writeLogin,
} from './profiles/write-login.ts';
import type { ProxyFactsStore } from './proxy-facts.ts';

export interface RegistryOptions {
  own: string;
  tsh: string;
  useTsh: boolean;
  locks: OpenLockFile;
  facts: ProxyFactsStore;
  background: BackgroundReporter;
  now: () => number;
  readCertificate(pem: string): Promise<CertificateFacts>;
  /** Called when a login's certificate was replaced or removed. */
  onCredentialsChange(key: ClusterKey): void;
}

/** This work as it is named in reports of failures. */
export const readingProfiles = { what: 'to read the profiles', cluster: '' };
/** Time after which something that vanished counts as gone: tsh deletes before it writes when it reissues (tsh-profile §2.11). */
const confirmMs = 600;
const noLiveFacts: LiveFacts = { leaves: [], problem: null };

/** All logins on disk as one topic, kept true to the files, to the clock and to what clusters say. */
export class ClusterRegistry {
  readonly topic = new Topic<Cluster[]>([]);
  readonly #homes: Homes;
  readonly #options: RegistryOptions;
  readonly #alarm: Alarm;
  readonly #live = new Map<ClusterKey, LiveFacts>();
  readonly #certificates = new Map<string, CertificateFacts>();
  readonly #brokenFiles = new Set<string>();
  #useTsh: boolean;
  #logins: StoredLogin[] = [];
  readonly #changes = new Mutex();
  readonly #reloads = new Mutex();
  #confirmation: NodeJS.Timeout | undefined;
  #stopWatching: (() => void)[] = [];
  #isClosed = false;
  #started: Promise<void> = Promise.resolve();

  constructor(options: RegistryOptions) {
    this.#options = options;
    this.#useTsh = options.useTsh;
    this.#alarm = new Alarm(options.now, () => this.#publish());
    this.#homes = new Homes({ own: options.own, tsh: options.tsh, locks: options.locks, onBroken: (file) => this.#noteBroken(file) });
  }

  /** Reads everything and begins to watch. */
  start(): Promise<void> {
    const starting = this.#start();
    this.#started = starting.catch(() => {}); // the caller of `start` gets the failure
    return starting;
  }

  /** Resolves when the profiles have been read, or could not be read. */
  get started(): Promise<void> {
    return this.#started;
  }

  async #start(): Promise<void> {
    await this.#homes.sweep(this.#useTsh);
    await this.reload();
    this.#watch();
  }

  async setUseTsh(useTsh: boolean): Promise<void> {
    if (useTsh === this.#useTsh) return;
    this.#useTsh = useTsh;
    await this.#homes.sweep(useTsh);
    this.#watch();
    await this.reload();
  }

  /** The login with this key. When several homes have one, it is the login that the topic shows. */
  find(key: ClusterKey): StoredLogin {
    const login = this.#best(key);
    if (!login) throw new AppError('not-found', 'This cluster is not on the list any more. Add it again.');
    return login;
  }

  cluster(key: ClusterKey): Cluster {
    const cluster = this.topic.get().find((candidate) => candidate.key === key);
    if (!cluster) throw new AppError('not-found', 'This cluster is not on the list any more. Add it again.');
    return cluster;
  }

  has(key: ClusterKey): boolean {
    return this.topic.get().some((cluster) => cluster.key === key);
  }

  /**
   * Remembers an address without a login. Answers with the key of a login for that address that waits for credentials, if there is
   * one.
   */
  add(address: string, profile: Profile): Promise<ClusterKey> {
    return this.#change(async () => {
      const known = this.topic.get().filter((cluster) => cluster.address === address);
      const waiting = known.find((cluster) => cluster.user === '') ?? known.find((cluster) => cluster.status !== 'signed-in');
      if (waiting) return waiting.key;
      await addProfile(await this.#homes.placeFor(address, '', this.#logins, this.#useTsh), profile);
      return clusterKey('', address);
    });
  }

  /** Writes a login where it belongs. An address that was only remembered until now becomes this login. */
  storeLogin(login: Login): Promise<void> {
    return this.#change(async () => {
      const { web_proxy_addr: address, user } = login.profile;
      const home = await this.#homes.placeFor(address, user, this.#logins, this.#useTsh);
      await writeLogin(this.#options.locks, home, login);
      const left = this.#logins.filter((other) => other.address === address && other.user === '' && other.home !== home);
      for (const empty of left) await this.#removeProfile(empty);
    });
  }

  /** Replaces the certificates for the same keys. `conflict` when somebody has logged in again meanwhile. */
  storeCertificates(key: ClusterKey, credentials: Credentials): Promise<void> {
    return this.#change(async () => {
      const login = this.find(key);
      const current = login.reading.state === 'complete' ? login.reading.credentials : null;
      if (current?.tlsKey !== credentials.tlsKey || current.sshPub !== credentials.sshPub) {
        throw new AppError('conflict', 'Somebody logged in or out of this cluster in the meantime. Nothing was changed; try again.');
      }
      await writeCertificates(this.#options.locks, login, credentials);
    });
  }

  storeCas(login: StoredLogin, cas: readonly ClusterCas[]): Promise<void> {
    const paths = profilePaths(login.home, login.name, login.user);
    return this.#change(() => writeCas(this.#options.locks, login.home, paths, login.name, cas));
  }

  /** Removes the credentials of a login from every home that has them. */
  removeCredentials(key: ClusterKey): Promise<void> {
    return this.#change(async () => {
      for (const login of this.#logins)
        if (keyOf(login) === key && login.user) await removeCredentials(this.#options.locks, login.home, login.name, login.user);
    });
  }

  /** Removes credentials and profile. What was remembered about the proxy goes with its last login. */
  async forget(key: ClusterKey): Promise<void> {
    const { address } = this.cluster(key);
    await this.removeCredentials(key);
    await this.#change(async () => {
      for (const login of this.#logins) if (keyOf(login) === key) await this.#removeProfile(login);
    });
    if (!this.#logins.some((login) => login.address === address)) await this.#options.facts.forget(address);
  }

  async #removeProfile(login: StoredLogin): Promise<void> {
    await removeProfile(login.home, login.name);
    await this.#homes.discard(login.home);
  }

  /** Makes one change of the files at a time. Each starts from a fresh reading and is followed by another one. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    return this.#changes.run(async () => {
      await this.reload();
      const result = await work();
      await this.reload();
      return result;
    });
  }

  /**
   * Reads the homes again. Missing files count as removed at once. A reload that the watcher starts waits 600 ms and reads again,
   * because tsh deletes before it writes.
   */
  reload(options: { believe: boolean } = { believe: true }): Promise<void> {
    return this.#reloads.run(() => this.#reload(options.believe));
  }

  setLeaves(key: ClusterKey, leaves: LiveFacts['leaves']): void {
    this.#setLive(key, { ...this.#liveOf(key), leaves });
  }

  setProblem(key: ClusterKey, problem: ErrorData | null): void {
    this.#setLive(key, { ...this.#liveOf(key), problem });
  }

  /** Publishes changes of facts that are not in the profiles. */
  refresh(): void {
    this.#publish();
  }

  /** Ends watching; resolves when a change that is under way has finished. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#confirmation);
    this.#alarm.set(null);
    for (const stop of this.#stopWatching) stop();
    await this.#changes.run(async () => {});
  }

  #watch(): void {
    for (const stop of this.#stopWatching) stop();
    const folders = [join(this.#options.own, 'home'), join(this.#options.own, 'homes'), ...(this.#useTsh ? [this.#options.tsh] : [])];
    const onChange = () => this.#reloadLater(false);
    const onWatched = (folder: string) => (failure: unknown) => this.#watched(folder, failure);
    this.#stopWatching = this.#isClosed ? [] : folders.map((folder) => watchHome({ folder, onChange, onWatched: onWatched(folder) }));
  }

  #watched(folder: string, failure: unknown): void {
    const work = { what: `to watch ${folder}`, cluster: '' };
    if (failure) this.#options.background.failed(work, failure);
    else this.#options.background.worked(work);
  }

  #reloadLater(believe: boolean): void {
    inBackground(this.#options.background, readingProfiles, this.reload({ believe }));
  }

  async #reload(believe: boolean): Promise<void> {
    if (this.#isClosed) return;
    const logins = await this.#homes.list(this.#useTsh);
    await Promise.all(logins.map((login) => this.#readCertificate(login)));
    const usable = new Set(logins.filter((login) => this.#certificateOf(login)).map(keyOf));
    const vanished = this.#logins.some((login) =>
      this.#certificateOf(login) ? !usable.has(keyOf(login)) : !logins.some((other) => keyOf(other) === keyOf(login)),
    );
    if (vanished && !believe) {
      clearTimeout(this.#confirmation);
      this.#confirmation = setTimeout(() => this.#reloadLater(true), confirmMs);
      return;
    }
    const before = this.#certificatesInUse();
    this.#logins = logins;
    const after = this.#certificatesInUse();
    for (const [key, text] of before) if (after.get(key) !== text) this.#options.onCredentialsChange(key);
    for (const key of this.#live.keys()) if (!after.has(key)) this.#live.delete(key);
    this.#publish();
  }

  #certificatesInUse(): Map<ClusterKey, string> {
    return new Map(this.#shown().map((login) => [keyOf(login), certificateText(login)]));
  }

  /** One login per key. */
  #shown(): StoredLogin[] {
    return [...new Set(this.#logins.map(keyOf))].flatMap((key) => this.#best(key) ?? []);
  }

  /**
   * Chooses between several logins with one key: the one that is valid for longest, else the first, which is the person's own tsh
   * home when that is used.
   */
  #best(key: ClusterKey): StoredLogin | undefined {
    const candidates = this.#logins.filter((login) => keyOf(login) === key);
    const until = (login: StoredLogin) => this.#certificateOf(login)?.expires ?? -1;
    return candidates.reduce<StoredLogin | undefined>((chosen, login) => (!chosen || until(login) > until(chosen) ? login : chosen), undefined);
  }

  async #readCertificate(login: StoredLogin): Promise<void> {
    const pem = certificateText(login);
    if (!pem || this.#certificates.has(pem)) return;
    try {
      this.#certificates.set(pem, await this.#options.readCertificate(pem));
    } catch (caught) {
      this.#options.background.failed({ what: 'to read the certificate of a login', cluster: keyOf(login) }, caught);
    }
  }

  #certificateOf(login: StoredLogin): CertificateFacts | null {
    return this.#certificates.get(certificateText(login)) ?? null;
  }

  #publish(): void {
    if (this.#isClosed) return;
    const now = this.#options.now();
    const clusters = this.#shown().map((login) =>
      describeLogin(
        {
          login,
          home: this.#homes.kindOf(login.home),
          facts: this.#options.facts.get(login.address),
          live: this.#liveOf(keyOf(login)),
          certificate: this.#certificateOf(login),
        },
        now,
      ),
    );
    clusters.sort((left, right) => left.name.localeCompare(right.name) || left.key.localeCompare(right.key));
    if (JSON.stringify(clusters) !== JSON.stringify(this.topic.get())) this.topic.set(clusters);
    const next = clusters.filter((cluster) => cluster.status === 'signed-in').map((cluster) => cluster.expires ?? Infinity);
    this.#alarm.set(next.length > 0 ? Math.min(...next) : null);
  }

  #liveOf(key: ClusterKey): LiveFacts {
    return this.#live.get(key) ?? noLiveFacts;
  }

  #setLive(key: ClusterKey, facts: LiveFacts): void {
    this.#live.set(key, facts);
    this.#publish();
  }

  #noteBroken(file: string): void {
    if (this.#brokenFiles.has(file)) return;
    this.#brokenFiles.add(file);
    this.#options.background.failed(
      { what: `to read the profile ${file}`, cluster: '' },
      new AppError('disk', 'It cannot be read, and is passed over.'),
    );
  }
}

const certificateText = (login: StoredLogin) => (login.reading.state === 'complete' ? login.reading.credentials.tlsCert : '');
