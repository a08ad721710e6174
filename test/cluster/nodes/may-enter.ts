import type { SshCertificate } from '../../../electron/ssh/certificate.ts';
import type { ClusterState } from '../state/cluster-state.ts';

export interface GuardedNode {
  readonly cluster: ClusterState;
  readonly uuid: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether the caller's roles, as this cluster maps them, allow a login on a node. The certificate has already been checked. */
export function mayEnter({ cluster, uuid, labels }: GuardedNode, login: string, certificate: SshCertificate): boolean {
  const home = cluster.trusts ?? cluster;
  const { roles = [] } = JSON.parse(certificate.extensions.get('teleport-roles') ?? '{}') as { roles?: string[] };
  const mapped = cluster.trusts ? roles.flatMap((name) => home.roles.get(name)?.onLeaf ?? []) : roles;
  const user = home.users.get(certificate.keyId);
  const access = cluster.access(mapped, user?.spec.logins ?? []);
  const limited = certificate.extensions.get('teleport-allowed-resources');
  if (limited && !(JSON.parse(limited) as string[]).includes(`/${cluster.name}/node/${uuid}`)) return false;
  if (!user || user.lock !== null || !access.loginsFor(labels).includes(login)) return false;
  return !access.needsMfa('node', labels) || certificate.extensions.has('mfa-verified');
}
