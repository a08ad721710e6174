import { AppError } from '../../../shared/errors/app-error.ts';
import type { KubeTarget } from '../../../shared/model/gateway.ts';
import { splitAddress } from '../profiles/names.ts';
import { type LoginRoute, proxyAt, type TargetRoute } from './route.ts';
import { type GatewayKind, missing } from './target.ts';

export const kubeKind: GatewayKind<KubeTarget> = {
  async find({ name }, route, client, signal) {
    if (!(await client.targets.hasKubeCluster(name, signal))) throw missing('Kubernetes cluster', name);
    return {
      mfaQuestion: { KubernetesCluster: name },
      certificateUse: async () => ({ usage: 'Kubernetes', requester: 'TSH_KUBE_LOCAL_PROXY', route: { KubernetesCluster: name } }),
      route: kubeRoute(route),
      protocol: 'kube',
      targetPorts: [],
    };
  },
};

/** The host CA vouches for the proxy of Kubernetes, whatever the port. */
export function kubeRoute(route: LoginRoute): TargetRoute {
  const { login, root } = route;
  // On a port of its own, Kubernetes needs no special server name; the name that is in every proxy's certificate is used.
  const host = login.profile.tls_routing_enabled ? splitAddress(login.address).host : '';
  return { proxy: proxyAt(kubeAddress(login), route), tls: { servername: kubeName(host), alpn: ['http/1.1'], ca: [...root.ca] } };
}

function kubeAddress({ profile, address }: LoginRoute['login']): string {
  if (profile.tls_routing_enabled) return address;
  if (!profile.kube_proxy_addr) throw new AppError('unsupported', 'This cluster has no way in for Kubernetes.');
  return profile.kube_proxy_addr;
}

/** The name that the proxy knows Kubernetes by (ssh-and-gateways §6.1, §6.2). */
function kubeName(host: string): string {
  const plain = host === '' || host === 'localhost' || host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
  return `kube-teleport-proxy-alpn.${plain ? 'teleport.cluster.local' : host}`;
}
