import type { ClusterState } from '../state/cluster-state.ts';
import { isSince } from '../versions.ts';
import type { ConnectorSpec } from './single-sign-on.ts';

export interface WebFacts {
  readonly version: string;
  readonly motd: string;
  readonly secondFactor: 'otp' | 'off';
  readonly defaultTtl: number;
  readonly tlsRouting: boolean;
  readonly connectors: readonly ConnectorSpec[];
  /** host:port of the web listener, and of the SSH proxy where that is another one. */
  address(): string;
  sshAddress(): string;
  kubeAddress(): string;
}

const suiteSince = 17;

/** `GET /webapi/ping` (login-and-auth §1.2). */
export function ping(cluster: ClusterState, facts: WebFacts, lie: { version?: string; cluster?: string } = {}): object {
  const has = (major: number, minor = 0) => isSince(facts.version, major, minor);
  return {
    auth: {
      type: 'local',
      second_factor: facts.secondFactor,
      preferred_local_mfa: facts.secondFactor === 'otp' ? 'otp' : '',
      local: { name: '' },
      private_key_policy: 'none',
      ...(has(15) ? { piv_slot: '' } : { device_trust_disabled: true }),
      ...(has(17) ? { piv_pin_cache_ttl: 0 } : {}),
      device_trust: { disabled: true },
      has_motd: facts.motd !== '',
      default_session_ttl: goDuration(facts.defaultTtl),
      ...suite(facts.version),
      ...(has(19) ? { scopes: 'disabled' } : {}),
    },
    ...rest(cluster, facts, lie),
    ...(has(suiteSince)
      ? {
          auto_update: {
            tools_version: facts.version,
            tools_auto_update: false,
            agent_version: facts.version,
            agent_auto_update: false,
            agent_update_jitter_seconds: 60,
          },
        }
      : {}),
    ...(has(17) ? { edition: cluster.edition } : {}),
  };
}

/** `GET /webapi/ping/{connector}` of a built-in connector: some keys are there, but empty. */
export function pingConnector(cluster: ClusterState, facts: WebFacts, name: string): object {
  const full = ping(cluster, facts) as { auth: Record<string, unknown> };
  const { scopes: _scopes, ...auth } = full.auth;
  return {
    ...full,
    auth: { ...auth, local: { name }, default_session_ttl: '0s' },
    ...('edition' in full ? { edition: '' } : {}),
    ...('auto_update' in full
      ? { auto_update: { tools_version: '', tools_auto_update: false, agent_version: '', agent_auto_update: false, agent_update_jitter_seconds: 0 } }
      : {}),
  };
}

/** `GET /webapi/find`: the same shape with an empty `auth`. */
export function find(cluster: ClusterState, facts: WebFacts): object {
  return {
    ...ping(cluster, facts),
    auth: {
      type: '',
      private_key_policy: '',
      ...(isSince(facts.version, 15) ? { piv_slot: '' } : {}),
      ...(isSince(facts.version, 17) ? { piv_pin_cache_ttl: 0 } : {}),
      device_trust: {},
      has_motd: false,
      default_session_ttl: '0s',
      ...suite(facts.version),
    },
  };
}

/** `GET /web/config.js`: a script, not JSON. */
export function configScript(cluster: ClusterState, facts: WebFacts): string {
  return `var GRV_CONFIG = ${JSON.stringify({
    auth: {
      second_factor: facts.secondFactor,
      localAuthEnabled: true,
      ...(facts.connectors.length > 0 ? { providers: facts.connectors.map(provider) } : {}),
      allowPasswordless: false,
      authType: 'local',
      ...(isSince(facts.version, 17) ? { defaultConnectorName: '' } : {}),
      preferredLocalMfa: facts.secondFactor === 'otp' ? 'otp' : '',
      privateKeyPolicy: 'none',
      motd: facts.motd,
    },
    canJoinSessions: true,
    proxyCluster: cluster.name,
    ui: cluster.showResources && isSince(facts.version, 16) ? { showResources: cluster.showResources } : {},
    automaticUpgrades: false,
    customTheme: '',
    ...(isSince(facts.version, 15) ? laterConfig(cluster) : { assistEnabled: false, hideInaccessibleFeatures: false }),
  })};`;
}

/** As the web page of the cluster names it; the address is the one for browsers. */
const provider = ({ type, name, display }: ConnectorSpec) => ({
  name,
  displayName: display,
  type,
  url: `/v1/webapi/${type}/login/web?redirect_url=:redirect?connector_id=:providerName`,
});

function laterConfig(cluster: ClusterState): object {
  const entitlement = (enabled: boolean) => ({ enabled, limit: 0 });
  return {
    questionnaire: false,
    isStripeManaged: false,
    premiumSupport: false,
    edition: cluster.edition,
    playable_db_protocols: ['postgres'],
    isPolicyRoleVisualizerEnabled: true,
    isPolicyEnabled: false,
    beamsUi: false,
    identitySecurity: { licensed: false, accessGraphConfigSet: false, sessionSummarizationEnabled: false },
    entitlements: {
      App: entitlement(true),
      DB: entitlement(true),
      Desktop: entitlement(true),
      K8s: entitlement(true),
      JoinActiveSessions: entitlement(true),
      OIDC: entitlement(false),
      SAML: entitlement(false),
    },
  };
}

function rest(cluster: ClusterState, facts: WebFacts, lie: { version?: string; cluster?: string }): object {
  const version = lie.version ?? facts.version;
  const address = facts.address();
  const listen = facts.tlsRouting ? address : facts.sshAddress();
  return {
    proxy: {
      kube: { enabled: true, listen_addr: facts.kubeAddress() },
      ssh: {
        listen_addr: listen,
        tunnel_listen_addr: listen,
        web_listen_addr: address,
        public_addr: address,
        ...(facts.tlsRouting ? {} : { ssh_public_addr: listen }),
        ...(isSince(version, 17) ? { dial_timeout: 30_000_000_000 } : {}),
      },
      db: facts.tlsRouting ? { postgres_listen_addr: address, mysql_listen_addr: address } : {},
      tls_routing_enabled: facts.tlsRouting,
      ...(isSince(version, 15) ? {} : { assist_enabled: false }),
      ...(isSince(version, 19) ? { scopes_enabled: false } : {}),
    },
    server_version: version,
    min_client_version: `${Number.parseInt(version, 10) - 1}.0.0${isSince(version, 16, 1) ? '-aa' : ''}`,
    cluster_name: lie.cluster ?? cluster.name,
    automatic_upgrades: false,
    ...(isSince(version, 17) ? { fips: false } : {}),
  };
}

function suite(version: string): object {
  return isSince(version, suiteSince) ? { signature_algorithm_suite: 'balanced-v1' } : {};
}

/** Milliseconds as Go prints a duration. */
function goDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`;
}
