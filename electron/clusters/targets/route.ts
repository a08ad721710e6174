import type { GatewayTicket } from '../../host-contract/ticket.ts';
import type { AuthRoute } from '../../teleport/auth/auth-route.ts';
import { splitAddress } from '../profiles/names.ts';
import type { StoredLogin } from '../profiles/read-profiles.ts';

/** The login and the route to its root cluster by which a target is reached. */
export interface LoginRoute {
  readonly login: Pick<StoredLogin, 'address' | 'profile' | 'user'>;
  readonly root: Pick<AuthRoute, 'version' | 'trustedFingerprint' | 'ca'>;
  /** Cluster that owns the target: the root or a leaf. */
  readonly owner: string;
}

/** Where a gateway's connections go, and how they name themselves. */
export type TargetRoute = Pick<GatewayTicket, 'proxy'> & { tls: Pick<GatewayTicket['tls'], 'servername' | 'alpn' | 'ca'> };

/** The route to the proxy at `address`. */
export function proxyAt(address: string, { login, root }: LoginRoute): TargetRoute['proxy'] {
  return { ...splitAddress(address), upgrade: needsUpgrade(login), version: root.version, trustedFingerprint: root.trustedFingerprint };
}

/** The web port takes databases and apps by ALPN, with or without TLS routing. Inside a connection upgrade the host CA vouches for the proxy. */
export function webRoute(route: LoginRoute, alpn: string[]): TargetRoute {
  const { login, root } = route;
  const tls = { servername: splitAddress(login.address).host, alpn, ca: needsUpgrade(login) ? [...root.ca] : null };
  return { proxy: proxyAt(login.address, route), tls };
}

/** ALPN names of a protocol; the one with ping frames comes first, `between` after it. */
export const protocolAlpn = (name: string, between: string[] = []): string[] => [`teleport-${name}-ping`, ...between, `teleport-${name}`];

const needsUpgrade = ({ profile }: LoginRoute['login']) =>
  (profile.tls_routing_enabled ?? false) && (profile.tls_routing_conn_upgrade_required ?? false);
