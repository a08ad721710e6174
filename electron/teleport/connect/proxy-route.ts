import { formatAddress } from './address.ts';

/** How a proxy's port is reached: what every connection through it needs, whatever goes over it. */
export interface ProxyRoute {
  readonly host: string;
  readonly port: number;
  /**
   * Whether a load balancer makes the connection upgrade necessary: the outer connection is a web connection, and the intended one
   * goes inside it.
   */
  readonly upgrade: boolean;
  /** Server version; it decides the kind of the upgrade and the form of some requests. Empty when it is not known yet. */
  readonly version: string;
  /** The web certificate the person trusts for this proxy although no system root vouches for it. */
  readonly trustedFingerprint: string | null;
}

/** host:port, as people write it. */
export const addressOf = ({ host, port }: Pick<ProxyRoute, 'host' | 'port'>): string => formatAddress(host, port);

/** The part of a longer route that says how the proxy is reached. */
export const proxyOf = ({ host, port, upgrade, version, trustedFingerprint }: ProxyRoute): ProxyRoute => ({
  host,
  port,
  upgrade,
  version,
  trustedFingerprint,
});
