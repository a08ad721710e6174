import { teleport } from '../../../proto/gen/teleport.js';
import { namespaces } from '../gateways/kube-api.ts';
import { requestableBy } from './access-request-methods.ts';
import { requireCaller } from './caller.ts';
import { denied, invalid, notFound } from './errors.ts';
import { type Method, unary } from './methods.ts';

/** The proxy's KubeService: names of namespaces, for those who have the Kubernetes cluster or could ask for it. */
export function kubeMethods(version: string): Method[] {
  const { ListKubernetesResourcesRequest, ListKubernetesResourcesResponse } = teleport.kube.v1;
  const path = '/teleport.kube.v1.KubeService/ListKubernetesResources';
  return [
    unary(path, ListKubernetesResourcesRequest, ListKubernetesResourcesResponse, (request, context) => {
      const caller = requireCaller(context);
      if (request.resource_type !== 'namespace') throw invalid(`unsupported resource type "${request.resource_type}"`);
      const owner = [context.cluster, ...context.cluster.leaves].find(({ name }) => name === request.teleport_cluster);
      const entry = owner?.inventory.byName.find(({ kind, id }) => kind === 'kube_cluster' && id === request.kubernetes_cluster);
      if (!entry) throw notFound(`kubernetes cluster "${request.kubernetes_cluster}" not found`);
      const requestable = request.use_search_as_roles ? requestableBy(context, caller, { UseSearchAsRoles: true }, version) : null;
      if (!caller.access.sees('kube_cluster', entry.labels) && !requestable?.sees('kube_cluster', entry.labels)) throw denied('access denied');
      const found = namespaces.filter((name) => request.search_keywords.every((word) => name.includes(word.toLowerCase())));
      return { resources: found.slice(0, request.limit || 1000).map((Name) => ({ Kind: 'namespace', Metadata: { Name } })) };
    }),
  ];
}
