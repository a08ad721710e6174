import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { deadline } from '../../lib/deadline.ts';
import { commonNameOf, splitPem } from '../certs/certificates.ts';
import { addressOf, type ProxyRoute } from '../connect/proxy-route.ts';
import { secureOn } from '../connect/tls.ts';
import { timeoutError } from '../connect/tls-errors.ts';
import { openProxyCluster } from '../transport/proxy-cluster.ts';

/** The route to an auth server. Host and port belong to the proxy's web listener, or to its SSH listener when `tlsRouting` is false. */
export interface AuthRoute extends ProxyRoute {
  /** Whether everything goes to one port, told apart by ALPN. */
  readonly tlsRouting: boolean;
  readonly rootCluster: string;
  /** The root itself, or one of its leaves. */
  readonly targetCluster: string;
  /** Host CA certificates of the root and of the target, PEM, in any order. */
  readonly ca: readonly string[];
  /** The user's TLS certificate and key, PEM. */
  readonly cert: string;
  readonly key: string;
}

/** Null is for the services of the root's proxy itself. */
export type ChannelRoute = Omit<AuthRoute, 'targetCluster'> & { readonly targetCluster: string | null };

const domain = 'teleport.cluster.local';
/** Longer than for one TLS connection, because the route may have two, one inside the other. */
const dialTimeoutMs = 20_000;

/** The server name of a cluster's auth servers in SNI and ALPN (login-and-auth §4.2). */
export function clusterServerName(cluster: string): string {
  return `${Buffer.from(cluster).toString('hex')}.${domain}`;
}

/** The certificates of `bundle` (PEM texts of one or many) that belong to `cluster`'s host authority. */
export function hostAuthority(bundle: readonly string[], cluster: string): string[] {
  return bundle.flatMap(splitPem).filter((pem) => commonNameOf(pem) === cluster);
}

/** Makes the mTLS connection to the target's auth server on a TCP connection to the proxy (login-and-auth §5.1, §5.2). */
export async function connectAuth(tcp: Duplex, route: ChannelRoute, closing: AbortSignal, protocol: 'h2' | 'http/1.1' = 'h2'): Promise<TLSSocket> {
  const { host, port } = route;
  const { signal, done } = deadline(closing, dialTimeoutMs, () => timeoutError(addressOf(route)));
  // The root issued the user's certificate, so SNI names the root even when a leaf is called.
  const identity = { servername: clusterServerName(route.rootCluster), cert: route.cert, key: route.key };
  const target = { ...identity, host, port, ca: trusted(route, route.targetCluster ?? route.rootCluster) };
  try {
    if (route.tlsRouting) {
      const alpn = [route.targetCluster === null ? 'teleport-proxy-grpc-mtls' : `teleport-auth@${clusterServerName(route.targetCluster)}`, protocol];
      return await secureOn(
        tcp,
        { ...target, alpn, upgrade: route.upgrade, version: route.version, trustedFingerprint: route.trustedFingerprint },
        signal,
      );
    }
    if (route.targetCluster === null)
      throw new AppError('unsupported', 'This proxy keeps its protocols on several ports, and tells this on none of them.');
    const proxy = await secureOn(
      tcp,
      { ...identity, host, port, ca: trusted(route, route.rootCluster), alpn: ['teleport-proxy-ssh-grpc', 'h2'] },
      signal,
    );
    const tunnel = openProxyCluster(proxy, route.targetCluster);
    return await secureOn(tunnel, { ...target, alpn: [protocol] }, signal);
  } finally {
    done();
  }
}

function trusted(route: Pick<AuthRoute, 'ca'>, cluster: string): string[] {
  const ca = hostAuthority(route.ca, cluster);
  if (ca.length === 0)
    throw new AppError('untrusted-certificate', `The certificate authority of the cluster ${cluster} is not known here. Log in again to fetch it.`);
  return ca;
}
