import { AppError } from '../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import type { AuthRoute } from '../teleport/auth/auth-route.ts';
import { keyOf } from './describe-login.ts';
import { readCertificateCas, type StoredLogin } from './profiles/read-profiles.ts';
import type { ProxyFacts } from './proxy-facts.ts';
import type { Wire } from './wire.ts';

/** A connection nobody used for this long is closed. */
const idleMs = 10 * 60_000;

interface Session {
  key: ClusterKey;
  client: Promise<AuthClient>;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

/** One open connection per login and auth server (root or leaf), shared by all who ask it something. */
export class AuthSessions {
  readonly #wire: Wire;
  readonly #factsOf: (address: string) => ProxyFacts;
  readonly #sessions = new Map<string, Session>();

  constructor(wire: Wire, factsOf: (address: string) => ProxyFacts) {
    this.#wire = wire;
    this.#factsOf = factsOf;
  }

  /** Runs `work` with a client for `leaf`, or the root when it is empty. */
  async use<T>(login: StoredLogin, leaf: string, work: (client: AuthClient) => Promise<T>): Promise<T> {
    const name = `${keyOf(login)} ${leaf}`;
    const session = this.#sessions.get(name) ?? this.#open(name, login, leaf);
    session.users++;
    clearTimeout(session.idle);
    try {
      return await work(await session.client);
    } finally {
      session.users--;
      if (session.users === 0 && this.#sessions.get(name) === session) session.idle = this.#closeLater(name);
    }
  }

  /** Ends all connections of a login: its certificate is another one now, or gone. */
  close(key: ClusterKey): void {
    for (const [name, session] of this.#sessions) if (session.key === key) this.#end(name);
  }

  closeAll(): void {
    for (const name of [...this.#sessions.keys()]) this.#end(name);
  }

  #open(name: string, login: StoredLogin, leaf: string): Session {
    const client = routeOf(login, leaf, this.#factsOf(login.address)).then((route) => this.#wire.authClient({ ...route, webAddress: login.address }));
    const session: Session = { key: keyOf(login), client, users: 0, idle: undefined };
    this.#sessions.set(name, session);
    client.catch(() => this.#sessions.get(name) === session && this.#end(name));
    return session;
  }

  #closeLater(name: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.#end(name), idleMs);
    timer.unref();
    return timer;
  }

  #end(name: string): void {
    const session = this.#sessions.get(name);
    this.#sessions.delete(name);
    clearTimeout(session?.idle);
    void session?.client.then(
      (client) => client.close(),
      () => {},
    );
  }
}

/** The way to an auth server with what stands on disk. */
export async function routeOf(login: StoredLogin, leaf: string, facts: ProxyFacts): Promise<AuthRoute> {
  if (login.reading.state !== 'complete') throw new AppError('expired', 'You are not logged in to this cluster.');
  const { profile, cluster, reading } = login;
  const target = leaf || cluster;
  const tlsRouting = profile.tls_routing_enabled ?? false;
  const cas = await Promise.all([cluster, ...(leaf ? [leaf] : [])].map((name) => readCertificateCas(login, name)));
  return {
    address: tlsRouting ? login.address : (profile.ssh_proxy_addr ?? login.address),
    tlsRouting,
    upgrade: tlsRouting && (profile.tls_routing_conn_upgrade_required ?? false),
    trustedFingerprint: facts.trustedFingerprint,
    version: facts.serverVersion ?? '',
    rootCluster: cluster,
    targetCluster: target,
    ca: cas.flat(),
    cert: reading.credentials.tlsCert,
    key: reading.credentials.tlsKey,
  };
}
