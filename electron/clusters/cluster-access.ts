/*
 * The one way in which services ask a cluster something. `ask` finds the login, gets a client for the root's or a leaf's auth
 * server from `AuthClients`, runs the caller's work with it and explains failures. On the way it learns, in the background, what
 * only the cluster can say (its id, leaves, host CAs, the proxy's version) and puts that into the registry and the file of proxy
 * facts.
 */
import { AppError } from '../../shared/errors/app-error.ts';
import { type ClusterKey, clusterProblems } from '../../shared/model/cluster.ts';
import { type BackgroundReporter, inBackground, reported } from '../lib/background.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import type { Ping } from '../teleport/web/webapi.ts';
import { AuthClients } from './auth-clients.ts';
import type { ClusterRegistry } from './cluster-registry.ts';
import { keyOf } from './describe-login.ts';
import { hasCertificateCas, type StoredLogin, type UsableLogin, usableLogin } from './profiles/read-profiles.ts';
import type { ProxyFactsStore } from './proxy-facts.ts';
import type { ProxyWebApi, Wire } from './wire.ts';

/** Smaller differences come from the round trip of the question, not from the clock. */
const clockTolerance = 5000;
/** An administrator changes this setting rarely, and an outdated answer only shows or hides rows that cannot be opened. */
const showingKeptMs = 10 * 60_000;
/** What `learn` does, in the words of failures. */
export const learning = 'to learn the cluster’s id, leaves and authorities';

export interface ClusterAccessOptions {
  wire: Wire;
  facts: ProxyFactsStore;
  registry: ClusterRegistry;
  background: BackgroundReporter;
  now: () => number;
}

/** Asks proxies and auth servers on behalf of a login, and keeps what that tells about the cluster itself. */
export class ClusterAccess {
  readonly #options: ClusterAccessOptions;
  readonly #clients: AuthClients;
  /** Clusters whose facts were asked for since the app started. */
  readonly #learnt = new Set<ClusterKey>();
  /** Proxies whose version was looked up since then. */
  readonly #pinged = new Set<string>();
  readonly #showing = new Map<string, { showsRequestable: boolean; at: number }>();
  readonly #closing = new AbortController();

  constructor(options: ClusterAccessOptions) {
    this.#options = options;
    this.#clients = new AuthClients(options.wire, (address) => options.facts.get(address));
  }

  web(address: string): Promise<ProxyWebApi> {
    return this.#options.wire.webApi({ address, trust: this.#options.facts.get(address).trustedFingerprint });
  }

  /** Milliseconds that a proxy's clock is ahead of this computer's; 0 when they agree to a few seconds, or it does not say. */
  async clockOffset(key: ClusterKey, signal: AbortSignal): Promise<number> {
    const { address } = this.#options.registry.cluster(key);
    const web = await this.web(address);
    const before = this.#options.now();
    const there = await web.serverTime(signal);
    const offset = there === null ? 0 : there - (before + this.#options.now()) / 2;
    return Math.abs(offset) < clockTolerance ? 0 : Math.round(offset);
  }

  /** Whether the cluster wants lists to show what could be asked for. A proxy that does not say wants it, as Teleport does. */
  async showsRequestable(key: ClusterKey, signal: AbortSignal): Promise<boolean> {
    const { address } = this.#options.registry.cluster(key);
    const known = this.#showing.get(address);
    if (known && this.#options.now() - known.at < showingKeptMs) return known.showsRequestable;
    const asking = this.web(address).then((web) => web.config(signal));
    const shows = await reported(this.#options.background, { what: 'to learn whether lists show what can be requested', cluster: key }, asking).then(
      (config) => config.showsRequestable,
      () => true,
    );
    this.#showing.set(address, { showsRequestable: shows, at: this.#options.now() });
    return shows;
  }

  async remember(address: string, ping: Ping): Promise<void> {
    const { serverVersion, edition, clusterName } = ping;
    await this.#options.facts.update(address, { serverVersion, edition: edition || null, clusterName });
    this.#options.registry.refresh();
  }

  /** The login for a key, its credentials good for now. `expired` with the cluster's key when only a login helps. */
  usable(key: ClusterKey): UsableLogin {
    const { status } = this.#options.registry.cluster(key);
    if (this.isUsable(key)) return usableLogin(this.#options.registry.find(key));
    // Timers do not run while the computer sleeps, so the login may have ended without an update of the topic.
    if (status === 'signed-in') this.#options.registry.refresh();
    const message =
      status === 'signed-out' ? 'You are not logged in to this cluster.' : 'Your login on this cluster has ended. Log in again to go on.';
    throw new AppError('expired', message, { details: { cluster: key } });
  }

  /** Whether the cluster is on the list and its login good for now, as far as its certificate says. */
  isUsable(key: ClusterKey): boolean {
    const { registry, now } = this.#options;
    if (!registry.has(key)) return false;
    const { status, expires } = registry.cluster(key);
    return status === 'signed-in' && (expires ?? 0) > now();
  }

  /**
   * `usable`, after the profiles have been read. Programs may ask in the first moment of a run, for a local port or a transfer that
   * is resumed.
   */
  async login(key: ClusterKey): Promise<UsableLogin> {
    await this.#options.registry.started;
    return this.usable(key);
  }

  /** Asks the auth server of the root, or of `leaf` when it is not empty. */
  async ask<T>(key: ClusterKey, leaf: string, work: (client: AuthClient) => Promise<T>): Promise<T> {
    const login = await this.login(key);
    try {
      if (this.#options.facts.get(login.address).serverVersion === null) await this.pingProxy(login.address, this.#closing.signal);
      if (leaf && !(await hasCertificateCas(login, leaf))) await this.#clients.use(login, '', (client) => this.learnCas(login, client));
      const result = await this.#clients.use(login, leaf, work);
      if (!leaf) this.#options.registry.setProblem(key, null);
      if (!this.#learnt.has(key)) this.#inBackground(key, learning, this.learn(key));
      return result;
    } catch (caught) {
      throw this.#explained(key, leaf, caught);
    } finally {
      if (!this.#pinged.has(login.address))
        this.#inBackground(key, 'to see whether the proxy was upgraded', this.#lookForUpgrade(key, login.address));
    }
  }

  /**
   * Runs in the background. Failures are only logged: the caller already has its answer, and the next real request reports a proxy
   * that is away.
   */
  #inBackground(key: ClusterKey, what: string, work: Promise<void>): void {
    inBackground(this.#options.background, { what, cluster: key }, work);
  }

  async pingProxy(address: string, signal: AbortSignal): Promise<Ping> {
    const ping = await (await this.web(address)).ping(signal);
    this.#pinged.add(address);
    await this.remember(address, ping);
    return ping;
  }

  /**
   * Asks a proxy for its version once per run: it may have been upgraded while the app was closed, and the version decides how it
   * is spoken to.
   */
  async #lookForUpgrade(key: ClusterKey, address: string): Promise<void> {
    this.#pinged.add(address);
    const before = this.#options.facts.get(address).serverVersion;
    const { serverVersion } = await this.pingProxy(address, this.#closing.signal);
    if (serverVersion !== before) this.#clients.close(key);
  }

  /** Asks the cluster again for everything that the topic shows of it. */
  async refresh(key: ClusterKey, signal: AbortSignal): Promise<void> {
    await this.#options.registry.reload();
    const { address, status } = this.#options.registry.cluster(key);
    try {
      await this.pingProxy(address, signal);
    } catch (caught) {
      throw this.#explained(key, '', caught);
    }
    if (status === 'signed-in') await this.learn(key, signal);
    else this.#options.registry.setProblem(key, null);
  }

  /** Learns what only the cluster itself can say: its id, its leaves and the host CAs of all of them. */
  async learn(key: ClusterKey, signal: AbortSignal = this.#closing.signal): Promise<void> {
    this.#learnt.add(key);
    const { facts, registry } = this.#options;
    await this.ask(key, '', async (client) => {
      const login = registry.find(key);
      const [cluster, leaves] = await Promise.all([client.clusterName(signal), client.remoteClusters(signal), this.learnCas(login, client, signal)]);
      await facts.update(login.address, { authClusterId: cluster.id, clusterName: cluster.name || login.cluster });
      registry.setLeaves(keyOf(login), leaves);
    });
  }

  /** Stores the host CAs of the root and of all trusted clusters beside the login. */
  async learnCas(login: StoredLogin, client: AuthClient, signal: AbortSignal = this.#closing.signal): Promise<void> {
    const authorities = await client.hostCas(signal);
    const cas = authorities.map(({ cluster, sshKeys, tlsCertificates }) => ({ cluster, keys: sshKeys, certificates: tlsCertificates }));
    cas.sort((left, right) => Number(right.cluster === login.cluster) - Number(left.cluster === login.cluster));
    await this.#options.registry.storeCas(login, cas);
  }

  /** Ends the connections of a login whose certificate was replaced or removed. */
  closeClients(key: ClusterKey): void {
    this.#learnt.delete(key);
    this.#clients.close(key);
  }

  close(): void {
    this.#closing.abort(new AppError('closed', 'Slipway is closing.'));
    this.#clients.closeAll();
  }

  #explained(key: ClusterKey, leaf: string, caught: unknown): AppError {
    const error = AppError.from(caught);
    if (!leaf && clusterProblems.includes(error.code) && this.#options.registry.has(key)) this.#options.registry.setProblem(key, error.toData());
    if (error.code !== 'expired') return error;
    return new AppError('expired', error.message, { details: { ...error.details, cluster: key }, cause: error });
  }
}
