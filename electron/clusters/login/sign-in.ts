/*
 * Logging in to a cluster. `ProxyFinder` finds the proxy behind a typed address and keeps decisions to trust its certificate;
 * `SignIn` asks the proxy what it offers and stores the result; `logInLocally` asks the person, through a `LoginConversation`, for
 * password and second factor and sends them; `mfa-ceremony.ts` decides which second factor can be given; `Reissue` changes the
 * access requests of a login without asking the person.
 * A further method, such as single sign-on, is another function beside `logInLocally`.
 */
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AuthSettings, ClusterKey } from '../../../shared/model/cluster.ts';
import { type BackgroundReporter, reported } from '../../lib/background.ts';
import type { Ping } from '../../teleport/web/webapi.ts';
import { type ClusterAccess, learning } from '../cluster-access.ts';
import type { ClusterRegistry } from '../cluster-registry.ts';
import type { ProxyFactsStore } from '../proxy-facts.ts';
import type { Wire } from '../wire.ts';
import type { LoginConversation } from './conversation.ts';
import { type GrantedLogin, keyOfGranted, type UsedConnector } from './granted-login.ts';
import { logIn } from './log-in.ts';
import { profileOfPing } from './profile-of-ping.ts';
import type { BrowserFacilities } from './sso/sso-login.ts';

export interface SignInOptions {
  wire: Wire;
  facts: ProxyFactsStore;
  registry: ClusterRegistry;
  access: ClusterAccess;
  background: BackgroundReporter;
  browser: BrowserFacilities;
}

/** How long a login waits for facts that the page wants soon. They can also come later. */
const factsTimeoutMs = 8000;
/** Policies that a key made in software satisfies (login-and-auth §2.10). */
const softwarePolicies = ['', 'none', 'web_session'];

/** Logging in to a known cluster: what it offers, the login itself, and what is stored of it. */
export class SignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  async settings(key: ClusterKey, signal: AbortSignal): Promise<AuthSettings> {
    const { registry, access, wire } = this.#options;
    const { address } = registry.cluster(key);
    const web = await access.web(address);
    const ping = await access.pingProxy(address, signal);
    const loginWays = web.config(signal).then(({ localAuth, connectors }) => ({ localAuth, connectors }));
    const [config, motd] = await Promise.all([
      this.#orElse(key, 'to learn which ways to log in there are', loginWays, { localAuth: true, connectors: [] }),
      ping.hasMotd ? this.#orElse(key, 'to read the message of the day', web.motd(signal), '') : '',
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

  /** Logs the person in to the cluster of `key`, and resolves with the login's key and connector once it is stored. Rejects when they end it. */
  async logIn(key: ClusterKey, person: LoginConversation): Promise<{ key: ClusterKey; connector: UsedConnector['type'] }> {
    const { registry, access, wire, browser } = this.#options;
    const { address } = registry.cluster(key);
    const ping = (signal: AbortSignal) => this.#pingForLogin(address, signal);
    const granted = await logIn(person, { address, ping, web: await access.web(address), wire }, key, browser);
    return { key: await this.#store(granted), connector: granted.connector.type };
  }

  async #pingForLogin(address: string, signal: AbortSignal): Promise<Ping> {
    const ping = await this.#options.access.pingProxy(address, signal);
    if (softwarePolicies.includes(ping.privateKeyPolicy)) return ping;
    throw new AppError(
      'hardware-key',
      'This cluster only accepts keys that live on a hardware token such as a YubiKey. Slipway cannot use those yet. Log in with tsh.',
    );
  }

  async #store(granted: GrantedLogin): Promise<ClusterKey> {
    const { registry, access, wire, facts, background } = this.#options;
    const { address, ping, user, cluster, connector, credentials, cas } = granted;
    const key = keyOfGranted(granted);
    const timeout = AbortSignal.timeout(factsTimeoutMs);
    const { trustedFingerprint } = facts.get(address);
    const upgrade = () =>
      this.#orElse(key, 'to see whether connections need an upgrade', wire.needsUpgrade(address, { trustedFingerprint, signal: timeout }), false);
    const tls_routing_conn_upgrade_required = ping.tlsRouting && (await upgrade());
    const profile = { ...profileOfPing(address, ping), user, cluster, tls_routing_conn_upgrade_required, auth_connector: connector.name };
    await registry.storeLogin({ profile, credentials, cas });
    await reported(background, { what: learning, cluster: key }, access.learn(key, timeout)).catch(() => {}); // the next use asks again
    return key;
  }

  /** An answer that a login can do without: `otherwise` replaces it when asking fails. */
  async #orElse<T>(cluster: ClusterKey, what: string, asking: Promise<T>, otherwise: T): Promise<T> {
    try {
      return await reported(this.#options.background, { what, cluster }, asking);
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code === 'cancelled') throw error;
      return otherwise;
    }
  }
}
