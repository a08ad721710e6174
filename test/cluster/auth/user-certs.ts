import { randomBytes } from 'node:crypto';
import { proto } from '../../../proto/gen/teleport.js';
import type { Identity } from '../pki/identity.ts';
import { lineToPem } from '../pki/openssh.ts';
import { type ClusterState, joinPrincipal } from '../state/cluster-state.ts';
import type { UserAccount } from '../state/users.ts';
import { isSince } from '../versions.ts';
import { assumedBy } from './assumed-requests.ts';
import { requireCaller } from './caller.ts';
import { denied, invalid, notFound } from './errors.ts';
import type { CallContext } from './methods.ts';

const { CertUsage, CertPurpose } = proto.UserCertsRequest;
const minute = 60_000;

/** GenerateUserCerts on the root's auth server (login-and-auth §7.6). */
export async function generateUserCerts(
  request: proto.UserCertsRequest,
  context: CallContext,
  version: string,
  longest: number,
): Promise<proto.ICerts> {
  const { cluster, peer } = context;
  const caller = requireCaller(context);
  if (!caller.local || !peer || request.Username !== caller.user) throw denied('access denied: impersonation is not allowed');
  const usage = request.Usage ?? CertUsage.All;
  const since15 = isSince(version, 15);
  const single = since15 && request.Purpose === CertPurpose.CERT_PURPOSE_SINGLE_USE_CERTS;
  const asked = Number(request.Expires?.seconds ?? 0) * 1000;
  if (asked <= cluster.now()) throw denied('access denied: client credentials have expired, please relogin.');
  const { ssh, tls } = keysOf(request, version);
  if (!ssh && !tls) throw invalid('must provide a public key');
  if (single && usage === CertUsage.All) throw invalid('single-use certificates cannot be issued for all purposes');
  if (single && request.MFAResponse?.TOTP && isSince(version, 18)) throw invalid('per-session MFA is not satisfied by OTP devices');
  checkProof(request, cluster.users.get(caller.user)!);
  if (since15 && usage === CertUsage.SSH && !request.NodeName) throw invalid('missing NodeName field in a ssh-only UserCertsRequest');
  if (since15 && usage === CertUsage.Database && !request.RouteToDatabase?.ServiceName)
    throw invalid('missing ServiceName field in a database-only UserCertsRequest');
  const route = request.RouteToCluster || cluster.name;
  if (route !== cluster.name && !cluster.leaves.some((leaf) => leaf.name === route)) throw notFound(`remote cluster "${route}" is not found`);
  const kube = request.KubernetesCluster ?? '';
  if (kube && route === cluster.name && !cluster.inventory.byName.some((entry) => entry.kind === 'kube_cluster' && entry.id === kube)) {
    throw invalid(
      `Kubernetes cluster "${kube}" is not registered in this Teleport cluster; you can list registered Kubernetes clusters using 'tsh kube ls'`,
    );
  }

  const user = cluster.users.get(caller.user)!;
  const { assumed, until } = assumedBy(cluster, caller.user, peer.identity.activeRequests, request);
  const { identity: base, access } = cluster.identityOf(user, context.remoteAddress, route, assumed);
  const notAfter = Math.min(asked, peer.expires, until, cluster.now() + longest, single ? cluster.now() + minute : Number.POSITIVE_INFINITY);
  const identity = {
    ...base,
    ...routes(request, usage, kube, usage === CertUsage.App ? appSession(request, cluster, version) : ''),
    ...(single ? { previousExpiry: new Date(peer.expires).toISOString().replace(/\.\d+Z$/, 'Z') } : {}),
  };
  const issued = await cluster.issue(
    {
      identity,
      notAfter: new Date(notAfter),
      format: request.Format ?? '',
      ...(ssh && (usage === CertUsage.All || usage === CertUsage.SSH) ? { sshPublicKey: ssh } : {}),
      ...(tls && usage !== CertUsage.SSH ? { tlsPublicKey: tls } : {}),
    },
    access,
  );
  return {
    ...(issued.ssh ? { SSH: Buffer.from(issued.ssh) } : {}),
    ...(issued.tls ? { TLS: Buffer.from(issued.tls) } : {}),
    TLSCACerts: [Buffer.from(cluster.authorities.user.pem)],
    SSHCACerts: [Buffer.from(cluster.authorities.userSsh.line)],
  };
}

/** A proof of the second factor by code: each code counts once, that of the login included. */
function checkProof({ MFAResponse }: proto.UserCertsRequest, user: UserAccount): void {
  if (!MFAResponse?.TOTP) return;
  const outcome = user.proveTotp(MFAResponse.TOTP.Code);
  if (outcome === 'used') throw invalid('previously used totp token');
  if (outcome === 'wrong') throw denied('invalid totp token');
}

/** Servers up to 16 know the single key only, 17 both styles but not together, 18 and 19 the pair only; a build of August 2024 takes both. */
function keysOf(request: proto.UserCertsRequest, version: string): { ssh: string; tls: string } {
  const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8');
  const pair = { ssh: text(request.SSHPublicKey), tls: text(request.TLSPublicKey) };
  const single = isSince(version, 18) ? '' : text(request.PublicKey);
  if (version.startsWith('17.0.0-dev') || isSince(version, 17)) {
    if (single && (pair.ssh || pair.tls)) throw invalid('the single public key must not be set together with the others');
    if (pair.ssh || pair.tls) return pair;
  }
  return { ssh: single, tls: single && lineToPem(single) };
}

/** Up to 15 the client has made the session before and names it; later ones are made with the certificate. */
function appSession(request: proto.UserCertsRequest, cluster: ClusterState, version: string): string {
  if (!isSince(version, 16)) return request.RouteToApp?.SessionID ?? '';
  const id = randomBytes(32).toString('hex');
  cluster.appSessions.add(id);
  return id;
}

function routes(request: proto.UserCertsRequest, usage: proto.UserCertsRequest.CertUsage, kube: string, appSession: string): Partial<Identity> {
  switch (usage) {
    case CertUsage.Kubernetes:
      return { usage: ['usage:kube'], kubeCluster: kube };
    case CertUsage.Database: {
      const db = request.RouteToDatabase;
      return {
        usage: ['usage:db'],
        dbService: db?.ServiceName ?? '',
        dbProtocol: db?.Protocol ?? '',
        dbUser: db?.Username ?? '',
        dbName: db?.Database ?? '',
        dbRoles: db?.Roles ?? [],
      };
    }
    case CertUsage.App: {
      const app = request.RouteToApp;
      return {
        usage: ['usage:apps'],
        appSession,
        appName: app?.Name ?? '',
        appPublicAddr: app?.PublicAddr ?? '',
        appCluster: app?.ClusterName ?? '',
        appTargetPort: app?.TargetPort ? String(app.TargetPort) : '',
      };
    }
    case CertUsage.WindowsDesktop:
      return { usage: ['usage:windows_desktop'] };
    case CertUsage.SSH:
      return request.SSHLogin ? { principals: [request.SSHLogin, joinPrincipal] } : {};
    default:
      return { kubeCluster: kube };
  }
}
