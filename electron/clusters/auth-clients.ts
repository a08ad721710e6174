import { createHash } from 'node:crypto';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import { SharedPool } from '../lib/shared-pool.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import type { AuthRoute } from '../teleport/auth/auth-route.ts';
import { keyOf } from './describe-login.ts';
import { splitAddress } from './profiles/names.ts';
import { readCertificateCas, type UsableLogin } from './profiles/read-profiles.ts';
import type { ProxyFacts } from './proxy-facts.ts';
import type { Wire } from './wire.ts';

/** A client that nobody used for this long is closed: a minute or two between clicks is usual, ten are a break. */
const keepMs = 10 * 60_000;

/** One client per login and auth server (root or leaf), shared by all who ask it something. */
export class AuthClients {
  readonly #clients: SharedPool<{ login: UsableLogin; leaf: string }, AuthClient>;

  constructor(wire: Wire, factsOf: (address: string) => ProxyFacts) {
    this.#clients = new SharedPool({
      open: async (_key, { login, leaf }) => wire.authClient({ ...(await routeOf(login, leaf, factsOf(login.address))), webAddress: login.address }),
      close: (client) => client.close(),
      keepMs,
    });
  }

  /** Runs `work` with a client for `leaf`, or the root when it is empty. */
  async use<T>(login: UsableLogin, leaf: string, work: (client: AuthClient) => Promise<T>): Promise<T> {
    const { value, release } = await this.#clients.lease(poolKey(login, leaf), { login, leaf });
    try {
      return await work(value);
    } finally {
      release();
    }
  }

  /** Ends all clients of a login, also those in use: its certificate is another one now, or gone. */
  close(key: ClusterKey): void {
    this.#clients.closeWhere((name) => {
      const [login]: PoolKey = JSON.parse(name);
      return login === key;
    });
  }

  closeAll(): void {
    this.#clients.close();
  }
}

type PoolKey = [login: ClusterKey, leaf: string, certificate: string];

/** The certificate is part of the key: a question asked after a new login never goes out with the rights of the old one. */
function poolKey(login: UsableLogin, leaf: string): string {
  return JSON.stringify([keyOf(login), leaf, createHash('sha256').update(login.credentials.tlsCert).digest('base64')] satisfies PoolKey);
}

/** The route to an auth server, from the files of the login. */
export async function routeOf(login: UsableLogin, leaf: string, facts: ProxyFacts): Promise<AuthRoute> {
  const { profile, cluster, credentials } = login;
  const target = leaf || cluster;
  const tlsRouting = profile.tls_routing_enabled ?? false;
  const cas = await Promise.all([cluster, ...(leaf ? [leaf] : [])].map((name) => readCertificateCas(login, name)));
  return {
    ...splitAddress(tlsRouting ? login.address : (profile.ssh_proxy_addr ?? login.address)),
    tlsRouting,
    upgrade: tlsRouting && (profile.tls_routing_conn_upgrade_required ?? false),
    trustedFingerprint: facts.trustedFingerprint,
    version: facts.serverVersion ?? '',
    rootCluster: cluster,
    targetCluster: target,
    ca: cas.flat(),
    cert: credentials.tlsCert,
    key: credentials.tlsKey,
  };
}
