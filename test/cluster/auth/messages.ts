import type { proto, types } from '../../../proto/gen/teleport.js';
import type { ClusterState } from '../state/cluster-state.ts';
import type { RoleSpec, Selector } from '../state/roles.ts';
import { isSince } from '../versions.ts';
import type { Caller } from './caller.ts';

/** How Go writes a time that was never set (login-and-auth §7.0). */
export const zeroTime = { seconds: -62135596800 };
const enabled = ['App', 'DB', 'Desktop', 'JoinActiveSessions', 'K8s'];
const licensed = ['AccessLists', 'AccessRequests', 'Identity'];
const disabled = [
  'AccessLists',
  'AccessMonitoring',
  'AccessRequests',
  'DeviceTrust',
  'HSM',
  'Identity',
  'OIDC',
  'Policy',
  'SAML',
  'SessionLocks',
  'UsageReporting',
];

export const timestamp = (milliseconds: number) => ({ seconds: Math.floor(milliseconds / 1000), nanos: (milliseconds % 1000) * 1e6 });
const labelValues = (values: Readonly<Record<string, readonly string[] | null>>) => ({
  Values: Object.fromEntries(Object.entries(values).map(([name, list]) => [name, { Values: [...(list ?? [])] }])),
});

export function pingResponse(cluster: ClusterState, version: string, address: string, remoteAddress: string): proto.IPingResponse {
  return {
    ClusterName: cluster.name,
    ServerVersion: version,
    ProxyPublicAddr: address,
    RemoteAddr: remoteAddress,
    ...(isSince(version, 17) ? { LicenseExpiry: zeroTime } : {}),
    ServerFeatures: {
      ...(cluster.edition === 'ent' ? { AdvancedAccessWorkflows: true } : {}),
      ...(isSince(version, 16, 1) ? { entitlements: entitlementsOf(cluster) } : {}),
    },
    ...(isSince(version, 17) ? { signature_algorithm_suite: 2 } : {}),
    ...(isSince(version, 19) ? { scopes_status: 2 } : {}),
  };
}

function entitlementsOf(cluster: ClusterState): Record<string, proto.IEntitlementInfo> {
  return Object.fromEntries([
    ...enabled.map((name) => [name, { enabled: true }] as const),
    ...disabled.map((name) => [name, cluster.edition === 'ent' && licensed.includes(name) ? { enabled: true } : {}] as const),
  ]);
}

export function userMessage(caller: Caller): types.IUserV2 {
  return {
    Kind: 'user',
    Version: 'v2',
    Metadata: { Name: caller.name, Namespace: 'default' },
    Spec: {
      Roles: [...caller.roles],
      Traits: labelValues(caller.traits),
      Status: { LockedTime: zeroTime, LockExpires: zeroTime },
      Expires: zeroTime,
    },
  };
}

export function roleMessage(role: RoleSpec, version: string): types.IRoleV6 {
  const labels = (selector: Selector | undefined) => (selector ? labelValues(selector) : {});
  return {
    Kind: 'role',
    Version: isSince(version, 18) ? 'v8' : isSince(version, 15) ? 'v7' : 'v6',
    Metadata: { Name: role.name, Namespace: 'default', Description: role.description },
    Spec: {
      Options: {
        ForwardAgent: role.forwardAgent ?? false,
        MaxSessionTTL: (role.maxSessionTtl ?? 30 * 3600_000) * 1e6,
        PortForwarding: { Value: role.portForwarding ?? false },
        SSHFileCopy: { Value: true },
        DesktopClipboard: { Value: true },
        DesktopDirectorySharing: { Value: true },
        RequireMFAType: role.requireMfa ? 1 : 0,
      },
      Allow: {
        Logins: [...(role.logins ?? [])],
        NodeLabels: labels(role.labels?.node),
        DatabaseLabels: labels(role.labels?.db),
        AppLabels: labels(role.labels?.app),
        KubernetesLabels: labels(role.labels?.kube_cluster),
        WindowsDesktopLabels: labels(role.labels?.windows_desktop),
        KubeGroups: [...(role.kubeGroups ?? [])],
        DatabaseNames: [...(role.dbNames ?? [])],
        DatabaseUsers: [...(role.dbUsers ?? [])],
        WindowsDesktopLogins: [...(role.windowsLogins ?? [])],
        Rules: (role.rules ?? []).map(({ resources, verbs }) => ({ Resources: [...resources], Verbs: [...verbs] })),
        ...(role.requestable || role.request
          ? {
              Request: {
                Roles: [...(role.requestable ?? []), ...(role.request?.roles ?? [])],
                SearchAsRoles: [...(role.request?.searchAsRoles ?? [])],
              },
            }
          : {}),
        ...(role.review ? { ReviewRequests: { Roles: [...role.review.roles] } } : {}),
      },
      Deny: {},
    },
  };
}

export function authorityMessage(cluster: ClusterState, type: 'host' | 'user'): types.ICertAuthorityV2 {
  const { authorities } = cluster;
  const [tls, ssh] = type === 'host' ? [authorities.host, authorities.hostSsh] : [authorities.user, authorities.userSsh];
  return {
    Kind: 'cert_authority',
    SubKind: type,
    Version: 'v2',
    Metadata: { Name: cluster.name, Namespace: 'default' },
    Spec: {
      Type: type,
      ClusterName: cluster.name,
      ActiveKeys: { SSH: [{ PublicKey: Buffer.from(ssh.line) }], TLS: [{ Cert: Buffer.from(tls.pem) }] },
      AdditionalTrustedKeys: {},
    },
  };
}

export function authPreference(version: string, motd: string, secondFactor: 'otp' | 'off', defaultTtl: number): types.IAuthPreferenceV2 {
  return {
    Kind: 'cluster_auth_preference',
    Version: 'v2',
    Metadata: { Name: 'cluster-auth-preference', Namespace: 'default' },
    Spec: {
      Type: 'local',
      AllowLocalAuth: { Value: true },
      MessageOfTheDay: motd,
      DefaultSessionTTL: defaultTtl * 1e6,
      ...(isSince(version, 17) ? { signature_algorithm_suite: 2, SecondFactors: secondFactor === 'otp' ? [1] : [] } : { SecondFactor: secondFactor }),
    },
  };
}
