import { AppError } from '../../../shared/errors/app-error.ts';
import type { AuthSettings, ClusterKey } from '../../../shared/model/cluster.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { ClusterLog, ClusterRegistry } from '../cluster-registry.ts';
import type { ProxyFactsStore } from '../proxy-facts.ts';
import type { Wire } from '../wire.ts';
import { keyOfGranted, LoginFlow } from './login-flow.ts';
import { profileOfPing } from './profile-of-ping.ts';

export interface SignInOptions {
  wire: Wire;
  facts: ProxyFactsStore;
  registry: ClusterRegistry;
  access: ClusterAccess;
  log: ClusterLog;
}

/** How long a login waits for facts that are good to have at once, but can follow. */
const factsTimeoutMs = 8000;
/** Policies that a key made in software satisfies (login-and-auth §2.10). */
const softwarePolicies = ['', 'none', 'web_session'];

/** Logging in to a known cluster: what it offers, the two halves of a local login, and what is stored of it. */
export class SignIn {
  readonly #options: SignInOptions;
  readonly #flow: LoginFlow;

  constructor(options: SignInOptions) {
    this.#options = options;
    this.#flow = new LoginFlow(options.wire);
  }

  async settings(key: ClusterKey, signal: AbortSignal): Promise<AuthSettings> {
    const { registry, access, wire } = this.#options;
    const { address } = registry.cluster(key);
    const web = await access.web(address);
    const ping = await access.pingProxy(address, signal);
    const [config, motd] = await Promise.all([
      web.config(signal).catch((caught) => this.#without(caught, { localAuth: true, connectors: [] })),
      ping.hasMotd ? web.motd(signal).catch((caught) => this.#without(caught, '')) : '',
    ]);
    return {
      address,
      clusterName: ping.clusterName,
      serverVersion: ping.serverVersion,
      localAuth: config.localAuth,
      secondFactor: ping.secondFactor,
      allowPasswordless: ping.allowPasswordless,
      connectors: config.connectors,
      defaultType: ping.authType,
      motd,
      versionWarning: await wire.versionWarning(ping.serverVersion),
    };
  }

  async begin(input: { key: ClusterKey; user: string; password: string }, signal: AbortSignal) {
    const { registry, access } = this.#options;
    const { address } = registry.cluster(input.key);
    const ping = await access.pingProxy(address, signal);
    if (!softwarePolicies.includes(ping.privateKeyPolicy)) {
      throw new AppError(
        'hardware-key',
        'This cluster only accepts keys that live on a hardware token such as a YubiKey. Slipway cannot use those yet. Log in with tsh.',
      );
    }
    return this.#flow.begin({ user: input.user, password: input.password, address, ping, web: await access.web(address) }, signal);
  }

  /** Answers with the login's key once it is stored. */
  async finish(attempt: string, totp: string, signal: AbortSignal): Promise<ClusterKey> {
    const { registry, access, wire, facts, log } = this.#options;
    const granted = await this.#flow.finish(attempt, totp, signal);
    const { address, ping, user, cluster, credentials, cas } = granted;
    const key = keyOfGranted(granted);
    const timeout = AbortSignal.timeout(factsTimeoutMs);
    const { trustedFingerprint } = facts.get(address);
    const tls_routing_conn_upgrade_required = ping.tlsRouting && (await wire.needsUpgrade(address, { trustedFingerprint, signal: timeout }));
    const profile = { ...profileOfPing(address, ping), user, cluster, tls_routing_conn_upgrade_required, auth_connector: 'local' };
    await registry.storeLogin({ profile, credentials, cas });
    await access.learn(key, timeout).catch((caught) => log.warn({ err: caught }, 'a cluster did not say all about itself after the login'));
    return key;
  }

  close(): void {
    this.#flow.close();
  }

  /** What stands in for an answer that a login can do without. */
  #without<T>(caught: unknown, value: T): T {
    const error = AppError.from(caught);
    if (error.code === 'cancelled') throw error;
    this.#options.log.warn({ err: error }, 'a proxy did not say all about its logins');
    return value;
  }
}
