import { proto, types } from '../../../proto/gen/teleport.js';
import { requestableBy } from './access-request-methods.ts';
import { callerOf, requireCaller } from './caller.ts';
import { notFound } from './errors.ts';
import { authPath, type Method, since, unary } from './methods.ts';
import { pinsOf } from './preferences.ts';
import { listOfKind, listUnified } from './unified-resources.ts';

/** Lists of resources, and the server that a name stands for. */
export function resourceMethods(version: string): Method[] {
  return [
    unary(authPath('ListUnifiedResources'), proto.ListUnifiedResourcesRequest, proto.ListUnifiedResourcesResponse, (request, context) => {
      const caller = callerOf(context);
      const more = { cluster: context.cluster.name, requestable: caller && requestableBy(context, caller, request, version), version };
      return listUnified(context.cluster.inventory, caller?.access ?? null, caller ? pinsOf(context, caller.name) : [], request, more);
    }),
    unary(authPath('ListResources'), proto.ListResourcesRequest, proto.ListResourcesResponse, (request, context) =>
      listOfKind(context.cluster.inventory, requireCaller(context).access, request, {
        requestable: requestableBy(context, requireCaller(context), request, version),
        version,
      }),
    ),
    unary(authPath('GetNode'), types.ResourceInNamespaceRequest, types.ServerV2, (request, context) => {
      const { access } = requireCaller(context);
      const node = context.cluster.inventory.nodes().find((entry) => entry.id === request.Name && access.sees('node', entry.labels));
      if (!node?.message.Node) throw notFound(`"node" "${request.Name}" does not exist`);
      return node.message.Node;
    }),
    ...since(
      version,
      18,
      unary(authPath('ResolveSSHTarget'), proto.ResolveSSHTargetRequest, proto.ResolveSSHTargetResponse, (request, context) => {
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
  ];
}
