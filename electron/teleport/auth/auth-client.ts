/*
 * A cluster's auth server, asked over gRPC. `AuthClient` is made for one certificate and one cluster (root or leaf); `AuthChannel`
 * is the connection below it. `AccessRequestApi`, `TargetApi` and `KubeApi` are parts of it. Servers from 14 to 19 differ: methods
 * try the newest call and fall back to older ones, and questions about a version are answered in `connect/versions.ts`. Answers are
 * hostile input: texts are cleaned, lists are cut at a bound, and what cannot be read is left out and counted.
 */
import type { proto, types } from '../../../proto/gen/teleport.js';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ResourcePage } from '../../../shared/model/resource.ts';
import { parseUserCertificate } from '../certs/certificates.ts';
import { cleanText } from '../connect/clean-text.ts';
import { addressOf } from '../connect/proxy-route.ts';
import { isBefore, listsNoLogins, takesSingleKey } from '../connect/versions.ts';
import { isTooLarge, isUnimplemented } from '../transport/grpc-errors.ts';
import { AccessRequestApi } from './access-request-api.ts';
import { AuthChannel } from './auth-channel.ts';
import { clusterNameOverHttp, remoteClustersOverHttp } from './auth-http.ts';
import { methods } from './auth-methods.ts';
import type { AuthRoute } from './auth-route.ts';
import { KubeApi } from './kube-api.ts';
import { listByAvailability, type RequestableSearch } from './requestable-resources.ts';
import { type FullQuery, resourceRequest } from './resource-request.ts';
import { type LoginRules, readResources } from './resources.ts';
import { pageByKind } from './resources-by-kind.ts';
import { TargetApi } from './target-api.ts';
import { integerOf, timestampOf } from './wire-values.ts';

export interface AuthPing {
  readonly clusterName: string;
  readonly serverVersion: string;
}

export interface CurrentUser {
  readonly name: string;
  readonly roles: readonly string[];
  readonly traits: Readonly<Record<string, readonly string[]>>;
}

export interface Role {
  readonly name: string;
  readonly logins: readonly string[];
  /** Empty, or the condition under which a session wants a second factor. */
  readonly requiresSessionMfa: boolean;
  /** Milliseconds after which an idle session is closed; 0 when never. */
  readonly clientIdleTimeoutMs: number;
}

/** A cluster's host authority: what its servers' certificates must be signed by. */
export interface HostAuthority {
  readonly cluster: string;
  /** authorized_keys lines without newline. */
  readonly sshKeys: readonly string[];
  /** PEM texts. */
  readonly tlsCertificates: readonly string[];
}

export interface ReissueRequest {
  readonly user: string;
  /** Milliseconds by the server's clock. The server shortens it to what the login and the requests allow. */
  readonly expires: number;
  /** authorized_keys line. */
  readonly sshPublicKey: string;
  /** PEM. */
  readonly tlsPublicKey: string;
  /** Ids of access requests. */
  readonly assume: readonly string[];
  readonly drop: readonly string[];
}

/** A person has some dozens of roles; a server that sends more than this is not read to its end. */
const maxRoles = 5_000;
const maxLeaves = 10_000;

/**
 * The auth server of one cluster, as one person. Made for one certificate: after a relogin make a new one and close this. Failures are
 * AppErrors; `expired` means that only a new login helps. Facts: login-and-auth §5, §7.
 */
export class AuthClient {
  /** Of the root cluster; leaves have none. */
  readonly requests: AccessRequestApi;
  /** Databases, apps and Kubernetes clusters, with certificates for them. */
  readonly targets: TargetApi;
  /** Served by the root's proxy, whichever cluster this client is for. */
  readonly kube: KubeApi;
  readonly #channel: AuthChannel;
  readonly #proxy: AuthChannel;
  readonly #route: AuthRoute;
  readonly #webAddress: string;
  /** Halved when a page did not fit into a message (login-and-auth §7.4). */
  #pageLimit = 1000;
  #version: Promise<string> | null = null;

  /** `webAddress` is the proxy's web address for links, if it differs from the address to connect to. */
  constructor(route: AuthRoute & { webAddress?: string }) {
    this.#route = route;
    this.#webAddress = route.webAddress ?? addressOf(route);
    this.#channel = new AuthChannel(route);
    // Connects with its first call.
    this.#proxy = new AuthChannel({ ...route, targetCluster: null });
    this.kube = new KubeApi(this.#proxy);
    this.targets = new TargetApi(this.#channel, route, (signal) => this.#ownVersion(signal));
    this.requests = new AccessRequestApi(this.#channel);
  }

  async ping(signal?: AbortSignal): Promise<AuthPing> {
    const answer = await this.#channel.call(methods.ping, {}, signal);
    return { clusterName: cleanText(answer.ClusterName), serverVersion: cleanText(answer.ServerVersion) };
  }

  /** `id` is the cluster's UUID, null where the server does not tell it. */
  async clusterName(signal?: AbortSignal): Promise<{ name: string; id: string | null }> {
    return this.#newest(
      async () => {
        const { Spec } = await this.#channel.call(methods.getClusterName, {}, signal);
        return { name: cleanText(Spec?.ClusterName), id: cleanText(Spec?.ClusterID, 100) || null };
      },
      async () => {
        try {
          return await clusterNameOverHttp(this.#route, signal);
        } catch {
          return { name: cleanText((await this.#channel.call(methods.getDomainName, {}, signal)).DomainName), id: null };
        }
      },
    );
  }

  async currentUser(signal?: AbortSignal): Promise<CurrentUser> {
    return this.#newest(
      async () => readUser((await this.#channel.call(methods.getUser, { current_user: true }, signal)).user),
      async () => readUser(await this.#channel.call(methods.getCurrentUser, {}, signal)),
    );
  }

  async currentRoles(signal?: AbortSignal): Promise<Role[]> {
    const roles = await this.#channel.collect(methods.getCurrentUserRoles, {}, maxRoles, signal);
    return roles.map(readRole);
  }

  /** The host authorities of the root and of all its leaves. Ask the root. */
  async hostCas(signal?: AbortSignal): Promise<HostAuthority[]> {
    const answer = await this.#channel.call(methods.getCertAuthorities, { type: 'host', include_key: false }, signal);
    return answer.cert_authorities_v2.map(readAuthority).filter(({ cluster }) => cluster !== '');
  }

  /**
   * The leaves that this person may enter, sorted by name. Where an old server does not list them, every cluster whose authority is
   * known counts as online.
   */
  async remoteClusters(signal?: AbortSignal): Promise<{ name: string; online: boolean }[]> {
    const leaves: { name: string; online: boolean }[] = [];
    let page_token = '';
    do {
      const page = await this.#newest(
        () => this.#channel.call(methods.listRemoteClusters, { page_size: 1000, page_token }, signal),
        async () => null,
      );
      if (!page) return byName(await remoteClustersOverHttp(this.#route, signal).catch(() => this.#knownLeaves(signal)));
      for (const { Metadata, Status } of page.remote_clusters)
        if (Metadata?.Name) leaves.push({ name: cleanText(Metadata.Name), online: Status?.Connection === 'online' });
      if (page.next_page_token === page_token) break;
      page_token = page.next_page_token;
    } while (page_token !== '' && leaves.length < maxLeaves);
    return byName(leaves);
  }

  async #knownLeaves(signal?: AbortSignal): Promise<{ name: string; online: boolean }[]> {
    const names = (await this.hostCas(signal)).map(({ cluster }) => cleanText(cluster)).filter((name) => name !== this.#route.rootCluster);
    return [...new Set(names)].map((name) => ({ name, online: true }));
  }

  /** One page, at most `limit` long; shorter where a full one is too large for a message, or where not all is wanted. */
  async listUnifiedResources(query: FullQuery, signal?: AbortSignal): Promise<ResourcePage> {
    const version = await this.#ownVersion(signal);
    // Version 14.0 cannot search with the roles that could be requested.
    const byKind = isBefore(version, 14, 1) && (query.availability ?? 'accessible') !== 'accessible';
    return listByAvailability(query, version, (part, search) => {
      const read = (limit: number, call: (Limit: number) => Promise<proto.IListResourcesResponse>) =>
        this.#resourcePage(limit, call, search, version);
      if (byKind) {
        const ofKind = (wanted: proto.IListResourcesRequest) => (Limit: number) =>
          this.#channel.call(methods.listResources, { ...wanted, Limit }, signal);
        return pageByKind(part, search, (wanted, limit) => read(limit, ofKind(wanted)));
      }
      const request = resourceRequest(part, version);
      if (!request) return Promise.resolve({ resources: [], nextKey: '', skipped: 0 });
      return read(part.limit, (Limit) => this.#channel.call(methods.listUnifiedResources, { ...request, ...search, Limit }, signal));
    });
  }

  /**
   * Host names of servers by UUID, including servers that this person could request or reviews. Unknown or hidden servers are
   * missing from the map.
   */
  async nodeNames(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, string>> {
    const wanted = ids.filter((id) => /^[0-9a-f-]{36}$/i.test(id));
    if (wanted.length === 0) return new Map();
    const PredicateExpression = wanted.map((id) => `resource.metadata.name == "${id}"`).join(' || ');
    // Before 14.1 the unified list only searches with the person's own roles, and up to 15 a path that another kind lacks makes it
    // fail.
    const request = { ResourceType: 'node', Limit: wanted.length, PredicateExpression, UseSearchAsRoles: true, UsePreviewAsRoles: true };
    const { Resources } = await this.#channel.call(methods.listResources, request, signal);
    return new Map(
      Resources.flatMap(({ Node }) =>
        Node?.Metadata?.Name && Node.Spec?.Hostname ? [[Node.Metadata.Name, cleanText(Node.Spec.Hostname)] as const] : [],
      ),
    );
  }

  /** The version of the auth server that is asked: a leaf may be older than the root, and refuses kinds that it does not know. */
  async #ownVersion(signal?: AbortSignal): Promise<string> {
    const { version, rootCluster, targetCluster } = this.#route;
    if (targetCluster === rootCluster) return version;
    this.#version ??= this.ping(signal).then(({ serverVersion }) => serverVersion);
    try {
      return await this.#version;
    } catch {
      this.#version = null;
      return version;
    }
  }

  /** Which logins to offer: a server accepts no login that is missing in the certificate, whatever the cluster's roles say. */
  #loginRules(version: string): LoginRules | null {
    try {
      return { certified: new Set(parseUserCertificate(this.#route.cert).logins), listed: !listsNoLogins(version) };
    } catch {
      return null;
    }
  }

  async #resourcePage(
    most: number,
    call: (limit: number) => Promise<proto.IListResourcesResponse>,
    search: RequestableSearch,
    version: string,
  ): Promise<ResourcePage> {
    for (;;) {
      const limit = Math.min(most, this.#pageLimit);
      try {
        const { Resources, NextKey } = await call(limit);
        const place = { cluster: this.#route.targetCluster, rootCluster: this.#route.rootCluster, proxyAddress: this.#webAddress };
        // In a search nothing is marked as still to be requested, so every row keeps the logins that it would come with.
        const rules = search.UseSearchAsRoles ? null : this.#loginRules(version);
        return { ...readResources(Resources ?? [], place, rules), nextKey: NextKey ?? '' };
      } catch (error) {
        if (limit === 1 || !isTooLarge(AppError.from(error).cause)) throw error;
        this.#pageLimit = Math.ceil(limit / 2);
      }
    }
  }

  /**
   * Certificates for the same keys with other access requests in force. What is active stays unless it is dropped; `drop: ['*']` ends all
   * (login-and-auth §7.7).
   */
  async reissue(request: ReissueRequest, signal?: AbortSignal): Promise<{ sshCertificate: string; tlsCertificate: string }> {
    const keys = takesSingleKey(this.#route.version)
      ? { PublicKey: Buffer.from(request.sshPublicKey) }
      : { SSHPublicKey: Buffer.from(request.sshPublicKey), TLSPublicKey: Buffer.from(request.tlsPublicKey) };
    const answer = await this.#channel.call(
      methods.generateUserCerts,
      {
        Username: request.user,
        Expires: timestampOf(request.expires),
        Format: 'standard',
        RouteToCluster: this.#route.rootCluster,
        AccessRequests: [...request.assume],
        DropAccessRequests: [...request.drop],
        ...keys,
      },
      signal,
    );
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
    return { sshCertificate: text(answer.SSH), tlsCertificate: text(answer.TLS) };
  }

  close(): void {
    this.#channel.close();
    this.#proxy.close();
  }

  /** Calls the newest method, and `older` where the server does not know it (login-and-auth §9). */
  async #newest<Answer>(newest: () => Promise<Answer>, older: () => Promise<Answer>): Promise<Answer> {
    try {
      return await newest();
    } catch (error) {
      if (error instanceof AppError && isUnimplemented(error.cause)) return older();
      throw error;
    }
  }
}

const byName = <Named extends { name: string }>(list: Named[]) => list.sort((left, right) => left.name.localeCompare(right.name));

function readUser(user: types.IUserV2 | null | undefined): CurrentUser {
  const name = user?.Metadata?.Name ?? '';
  if (name === '') throw new AppError('bad-response', 'The cluster did not say who you are. Log in again.');
  const traits = Object.entries(user?.Spec?.Traits?.Values ?? {}).map(([key, { Values }]) => [key, Values ?? []] as const);
  return { name, roles: user?.Spec?.Roles ?? [], traits: Object.fromEntries(traits) };
}

function readRole({ Metadata, Spec }: types.IRoleV6): Role {
  return {
    name: cleanText(Metadata?.Name),
    logins: Spec?.Allow?.Logins ?? [],
    requiresSessionMfa: (Spec?.Options?.RequireMFAType ?? 0) !== 0,
    clientIdleTimeoutMs: integerOf(Spec?.Options?.ClientIdleTimeout) / 1_000_000,
  };
}

function readAuthority({ Metadata, Spec }: types.ICertAuthorityV2): HostAuthority {
  // During a rotation the additional keys are valid beside the active ones.
  const sets = [Spec?.ActiveKeys, Spec?.AdditionalTrustedKeys];
  const text = (bytes: Uint8Array | null | undefined) =>
    Buffer.from(bytes ?? [])
      .toString('utf8')
      .trim();
  return {
    cluster: Spec?.ClusterName || Metadata?.Name || '',
    sshKeys: sets
      .flatMap((set) => set?.SSH ?? [])
      .map((pair) => text(pair.PublicKey))
      .filter((line) => line !== ''),
    tlsCertificates: sets
      .flatMap((set) => set?.TLS ?? [])
      .map((pair) => text(pair.Cert))
      .filter((pem) => pem !== ''),
  };
}
