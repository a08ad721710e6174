import { proto, teleport, types } from '../../../proto/gen/teleport.js';
import type { AuthServiceOptions } from './auth-service.ts';
import { callerOf, requireCaller } from './caller.ts';
import { denied, invalid, notFound } from './errors.ts';
import { authorityMessage, authPreference, pingResponse, timestamp } from './messages.ts';
import { authPath, type CallContext, empty, type Method, since, unary, until } from './methods.ts';

/** The cluster's own facts: its name, its rules of login, its leaves. */
export function clusterMethods(options: AuthServiceOptions): Method[] {
  const { version } = options;
  const { clusterconfig, presence } = teleport;
  return [
    unary(authPath('Ping'), proto.PingRequest, proto.PingResponse, (_request, context) => {
      callerOf(context);
      return pingResponse(context.cluster, version, options.address(), context.remoteAddress);
    }),
    unary(authPath('GetDomainName'), empty, proto.GetDomainNameResponse, (_request, context) => ({ DomainName: context.cluster.name })),
    unary(authPath('GetClusterCACert'), empty, proto.GetClusterCACertResponse, (_request, context) => ({
      TLSCA: Buffer.from(context.cluster.authorities.host.pem),
    })),
    ...since(
      version,
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
      version,
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
      version,
      17,
      unary(authPath('GetAuthPreference'), empty, types.AuthPreferenceV2, () =>
        authPreference(version, options.motd, options.secondFactor, options.defaultTtl),
      ),
    ),
    ...since(
      version,
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
  ];
}

/** The certificate authorities of the cluster and of those it trusts or is trusted by. */
export function authorityMethods(): Method[] {
  const { trust } = teleport;
  return [
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
  ];
}

function authoritiesOf(request: { type?: string | null; include_key?: boolean | null }, context: CallContext) {
  requireCaller(context);
  if (request.include_key) throw denied('access denied (decision)');
  if (request.type !== 'host' && request.type !== 'user') throw invalid(`"${request.type}" authority type is not supported`);
  const { cluster } = context;
  const others = cluster.trusts ? [cluster.trusts] : request.type === 'host' ? cluster.leaves : [];
  return [cluster, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}
