import { randomBytes } from 'node:crypto';
import { proto, teleport, types } from '../../../proto/gen/teleport.js';
import type { Entry } from '../state/inventory.ts';
import { isSince } from '../versions.ts';
import { accessRequestMethods, requestableBy } from './access-request-methods.ts';
import { callerOf, requireCaller } from './caller.ts';
import { denied, invalid, notFound, unimplemented } from './errors.ts';
import { authorityMessage, authPreference, pingResponse, roleMessage, timestamp, userMessage } from './messages.ts';
import { type CallContext, empty, type Method, serverStream, unary } from './methods.ts';
import { pinsOf, preferenceMethods } from './preferences.ts';
import { listOfKind, listUnified } from './unified-resources.ts';
import { generateUserCerts } from './user-certs.ts';
import { watchMethod } from './watch.ts';

export interface AuthServiceOptions {
  readonly version: string;
  readonly motd: string;
  readonly secondFactor: 'otp' | 'off';
  readonly defaultTtl: number;
  /** The longest certificate that may be issued now, milliseconds. */
  longest(): number;
  /** host:port of the web listener. */
  address(): string;
}

/** The auth API of one cluster, root or leaf: which calls exist follows the emulated version (login-and-auth §7, §9). */
export function authMethods(options: AuthServiceOptions): Method[] {
  const { version } = options;
  const since = (major: number, method: Method) => (isSince(version, major) ? [method] : []);
  const until = (last: number, method: Method) => (isSince(version, last + 1) ? [] : [method]);
  const auth = (name: string) => `/proto.AuthService/${name}`;
  const { clusterconfig, presence, trust, users } = teleport;
  return [
    unary(auth('Ping'), proto.PingRequest, proto.PingResponse, (_request, context) => {
      callerOf(context);
      return pingResponse(context.cluster, version, options.address(), context.remoteAddress);
    }),
    unary(auth('GetDomainName'), empty, proto.GetDomainNameResponse, (_request, context) => ({ DomainName: context.cluster.name })),
    unary(auth('GetClusterCACert'), empty, proto.GetClusterCACertResponse, (_request, context) => ({
      TLSCA: Buffer.from(context.cluster.authorities.host.pem),
    })),
    ...since(
      18,
      unary(
        '/teleport.clusterconfig.v1.ClusterConfigService/GetClusterName',
        clusterconfig.v1.GetClusterNameRequest,
        types.ClusterNameV2,
        (_request, context) => {
          requireCaller(context);
          const { name, id } = context.cluster;
          return {
            Kind: 'cluster_name',
            Version: 'v2',
            Metadata: { Name: 'cluster-name', Namespace: 'default' },
            Spec: { ClusterName: name, ClusterID: id },
          };
        },
      ),
    ),
    ...since(
      16,
      unary(
        '/teleport.clusterconfig.v1.ClusterConfigService/GetAuthPreference',
        clusterconfig.v1.GetAuthPreferenceRequest,
        types.AuthPreferenceV2,
        (_request, context) => {
          requireCaller(context);
          return authPreference(version, options.motd, options.secondFactor, options.defaultTtl);
        },
      ),
    ),
    ...until(
      17,
      unary(auth('GetAuthPreference'), empty, types.AuthPreferenceV2, () =>
        authPreference(version, options.motd, options.secondFactor, options.defaultTtl),
      ),
    ),
    ...since(
      16,
      unary(
        '/teleport.presence.v1.PresenceService/ListRemoteClusters',
        presence.v1.ListRemoteClustersRequest,
        presence.v1.ListRemoteClustersResponse,
        (_request, context) => {
          const { roles } = requireCaller(context);
          return {
            remote_clusters: context.cluster.leavesFor(roles).map((leaf) => ({
              Kind: 'remote_cluster',
              Version: 'v3',
              Metadata: { Name: leaf.name, Namespace: 'default' },
              Status: { Connection: leaf.connected ? 'online' : 'offline', LastHeartbeat: timestamp(context.cluster.now()) },
            })),
          };
        },
      ),
    ),
    unary(
      '/teleport.trust.v1.TrustService/GetCertAuthorities',
      trust.v1.GetCertAuthoritiesRequest,
      trust.v1.GetCertAuthoritiesResponse,
      (request, context) => {
        const clusters = authoritiesOf(request, context);
        return { cert_authorities_v2: clusters.map((cluster) => authorityMessage(cluster, request.type as 'host' | 'user')) };
      },
    ),
    unary('/teleport.trust.v1.TrustService/GetCertAuthority', trust.v1.GetCertAuthorityRequest, types.CertAuthorityV2, (request, context) => {
      const cluster = authoritiesOf(request, context).find((one) => one.name === request.domain);
      if (!cluster) throw notFound(`cert authority "${request.domain}" is not found`);
      return authorityMessage(cluster, request.type as 'host' | 'user');
    }),
    ...since(
      15,
      unary('/teleport.users.v1.UsersService/GetUser', users.v1.GetUserRequest, users.v1.GetUserResponse, (request, context) => {
        const caller = requireCaller(context);
        if (!request.current_user && request.name !== caller.name) throw denied('access denied to perform action "read" on "user"');
        return { user: userMessage(caller) };
      }),
    ),
    unary(auth('GetCurrentUser'), empty, types.UserV2, (_request, context) => {
      if (isSince(version, 19)) throw unimplemented('method GetCurrentUser not implemented');
      return userMessage(requireCaller(context));
    }),
    serverStream(auth('GetCurrentUserRoles'), empty, types.RoleV6, (_request, context) =>
      requireCaller(context).access.roles.map((role) => roleMessage(role, version)),
    ),
    ...accessRequestMethods(version),
    unary(auth('ListUnifiedResources'), proto.ListUnifiedResourcesRequest, proto.ListUnifiedResourcesResponse, (request, context) => {
      const caller = callerOf(context);
      const more = { cluster: context.cluster.name, requestable: caller && requestableBy(context, caller, request, version), version };
      return listUnified(context.cluster.inventory, caller?.access ?? null, caller ? pinsOf(context, caller.name) : [], request, more);
    }),
    unary(auth('ListResources'), proto.ListResourcesRequest, proto.ListResourcesResponse, (request, context) =>
      listOfKind(context.cluster.inventory, requireCaller(context).access, request, {
        requestable: requestableBy(context, requireCaller(context), request, version),
        version,
      }),
    ),
    unary(auth('GetNode'), types.ResourceInNamespaceRequest, types.ServerV2, (request, context) => {
      const { access } = requireCaller(context);
      const node = context.cluster.inventory.nodes().find((entry) => entry.id === request.Name && access.sees('node', entry.labels));
      if (!node?.message.Node) throw notFound(`"node" "${request.Name}" does not exist`);
      return node.message.Node;
    }),
    ...since(
      18,
      unary(auth('ResolveSSHTarget'), proto.ResolveSSHTargetRequest, proto.ResolveSSHTargetResponse, (request, context) => {
        const { Resources } = listUnified(context.cluster.inventory, requireCaller(context).access, [], {
          Kinds: ['node'],
          Labels: request.labels,
          SearchKeywords: request.search_keywords,
          PredicateExpression: request.predicate_expression,
        });
        const found = (Resources ?? []).filter(
          (one) => !request.host || one.Node?.Spec?.Hostname === request.host || one.Node?.Metadata?.Name === request.host,
        );
        if (found.length > 1) throw notFound('ambiguous host could match multiple nodes');
        if (!found[0]) throw notFound('no matching hosts');
        return { server: found[0].Node ?? null };
      }),
    ),
    unary(auth('GenerateUserCerts'), proto.UserCertsRequest, proto.Certs, (request, context) =>
      generateUserCerts(request, context, version, options.longest()),
    ),
    unary(auth('CreateAppSession'), proto.CreateAppSessionRequest, proto.CreateAppSessionResponse, (request, context) => {
      const caller = requireCaller(context);
      if (!caller.local || request.Username !== caller.user) throw denied('access denied: impersonation is not allowed');
      if (!request.PublicAddr || !request.ClusterName) throw invalid('missing public address or cluster name');
      const Name = randomBytes(32).toString('hex');
      context.cluster.appSessions.add(Name);
      return { Session: { Kind: 'web_session', SubKind: 'app_session', Version: 'v2', Metadata: { Name } } };
    }),
    unary(auth('IsMFARequired'), proto.IsMFARequiredRequest, proto.IsMFARequiredResponse, (request, context) => {
      if ((request.App && !isSince(version, 16)) || (request.AdminAction && !isSince(version, 15))) throw invalid('unknown Target <nil>');
      const required = mfaRequired(request, context, version);
      return { Required: required, ...(isSince(version, 15) ? { MFARequired: required ? 1 : 2 } : {}) };
    }),
    unary(auth('CreateAuthenticateChallenge'), proto.CreateAuthenticateChallengeRequest, proto.MFAAuthenticateChallenge, (request, context) => {
      const caller = requireCaller(context);
      if (!caller.local) return {};
      if (isSince(version, 19) && !request.ChallengeExtensions?.scope) throw invalid('scope not present in request');
      const { scope, allow_reuse: reuse } = request.ChallengeExtensions ?? {};
      // Early builds of 17 allow reuse only for what administrators do.
      const reusable = scope === ADMIN_ACTION || (scope === USER_SESSION && isSince(version, 18));
      if (isSince(version, 15) && reuse === CHALLENGE_ALLOW_REUSE_YES && !reusable) throw denied('unable to create MFA challenges');
      const check = isSince(version, 15) ? request.MFARequiredCheck : null;
      if (check && !mfaRequired(check, context, version)) return { MFARequired: 2 };
      return { ...(context.cluster.users.get(caller.user)?.hasTotp ? { TOTP: {} } : {}), ...(check ? { MFARequired: 1 } : {}) };
    }),
    unary(auth('GetClusterAlerts'), empty, empty, (_request, context) => requireCaller(context)),
    serverStream(auth('GetActiveSessionTrackers'), empty, empty, (_request, context) => {
      requireCaller(context);
      return [];
    }),
    watchMethod(version),
    ...preferenceMethods(version),
    ...Object.keys(deniedTexts).flatMap((name) => {
      if (name === 'ListRoles' && !isSince(version, 16)) return [];
      const refuse = () => {
        throw denied(deniedTexts[name]);
      };
      return [unary(name.startsWith('/') ? name : auth(name), empty, empty, refuse)];
    }),
  ];
}

const deniedTexts: Record<string, string> = {
  GetEvents: 'access denied to perform action "list" on "event"',
  ListRoles: 'access denied to perform action "list" on "role", access denied to perform action "read" on "role"',
  GetUIConfig: 'access denied to perform action "read" on "ui_config"',
  GetSessionEvents: 'access denied to perform action "list" on "session"',
  StreamSessionEvents: 'access denied to perform action "read" on "session"',
  '/teleport.auditlog.v1.AuditLogService/GetUnstructuredEvents': 'access denied to perform action "list" on "event"',
};
const { CHALLENGE_SCOPE_USER_SESSION: USER_SESSION, CHALLENGE_SCOPE_ADMIN_ACTION: ADMIN_ACTION } = proto.ChallengeScope;
const { CHALLENGE_ALLOW_REUSE_YES } = proto.ChallengeAllowReuse;

function authoritiesOf(request: { type?: string | null; include_key?: boolean | null }, context: CallContext) {
  requireCaller(context);
  if (request.include_key) throw denied('access denied (decision)');
  if (request.type !== 'host' && request.type !== 'user') throw invalid(`"${request.type}" authority type is not supported`);
  const { cluster } = context;
  const others = cluster.trusts ? [cluster.trusts] : request.type === 'host' ? cluster.leaves : [];
  return [cluster, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** YES and NO as a real server decides: an unknown target, or one without access, needs no second factor (login-and-auth §7.5). */
function mfaRequired(request: proto.IIsMFARequiredRequest, context: CallContext, version: string): boolean {
  const { access } = requireCaller(context);
  const needs = (kind: Entry['kind'], test: (entry: Entry) => boolean) => {
    const found = context.cluster.inventory.byName.filter((entry) => entry.kind === kind && test(entry));
    if (found.length === 0 && kind !== 'node' && !isSince(version, 15)) throw notFound(`${kind} not found`);
    return found.some((entry) => access.needsMfa(kind, entry.labels));
  };
  const { Node: node, Database: db, App: app, KubernetesCluster: kube, WindowsDesktop: desktop } = request;
  if (node) {
    if (!node.Login) throw invalid('empty Login field');
    return needs('node', (entry) => (entry.id === node.Node || entry.name === node.Node) && access.loginsFor(entry.labels).includes(node.Login!));
  }
  if (db) return needs('db', (entry) => entry.id === db.ServiceName);
  if (app) return needs('app', (entry) => entry.id === app.Name);
  if (kube) return needs('kube_cluster', (entry) => entry.id === kube);
  if (desktop) return needs('windows_desktop', (entry) => entry.id === desktop.WindowsDesktop);
  if (request.AdminAction) return false;
  throw invalid('unknown Target <nil>');
}
