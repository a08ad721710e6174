import { teleport } from '../../../proto/gen/teleport.js';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { cleanText } from '../connect/clean-text.ts';
import { isInvalidArgument } from '../transport/grpc-errors.ts';
import type { AuthChannel } from './auth-channel.ts';
import { method } from './auth-methods.ts';

const { ListKubernetesResourcesRequest, ListKubernetesResourcesResponse } = teleport.kube.v1;
const list = method('/teleport.kube.v1.KubeService/ListKubernetesResources', ListKubernetesResourcesRequest, ListKubernetesResourcesResponse);

/** The two names of the kind: the one of all present servers, and the one in Kubernetes' own style. */
const kinds = ['namespace', 'namespaces'] as const;

/** The inside of Kubernetes clusters, as the root's proxy tells it to who may ask for it (ssh-and-gateways §6.4). */
export class KubeApi {
  readonly #channel: AuthChannel;

  /** A channel to the proxy's own services. */
  constructor(channel: AuthChannel) {
    this.#channel = channel;
  }

  /** Names of at most `limit` namespaces that this person has or could request and that contain all `words`. */
  async namespaces(wanted: { cluster: string; kube: string; words: readonly string[]; limit: number }, signal?: AbortSignal): Promise<string[]> {
    const ask = (resource_type: string) =>
      this.#channel.call(
        list,
        {
          resource_type,
          limit: wanted.limit,
          search_keywords: [...wanted.words],
          use_search_as_roles: true,
          teleport_cluster: wanted.cluster,
          kubernetes_cluster: wanted.kube,
        },
        signal,
      );
    const answer = await ask(kinds[0]).catch((error: AppError) => {
      if (!isInvalidArgument(error.cause)) throw error;
      return ask(kinds[1]);
    });
    const names = answer.resources.slice(0, wanted.limit).map(({ Metadata }) => cleanText(Metadata?.Name, 253));
    return [...new Set(names.filter((name) => name !== ''))];
  }
}
