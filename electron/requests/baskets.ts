import type * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import {
  type basketChangeSchema,
  maxRequestedResources,
  type RequestBasket,
  requestBasketSchema,
  resourceIdText,
} from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import { JsonFile } from '../lib/json-file.ts';

type Baskets = Record<ClusterKey, RequestBasket>;
type Change = Omit<z.output<typeof basketChangeSchema>, 'cluster'>;

const empty: RequestBasket = { roles: [], resources: [] };
/** One basket per login; the oldest ones are forgotten, so that the file cannot grow without end. */
const maxBaskets = 500;
/** The same bound as for resources; nobody reads and approves a longer list of roles. */
const maxRoles = 300;

/** What is gathered for the next request of each login, kept in a file. An entry that cannot be read costs no other. */
export class BasketStore {
  /** A sentence when the file could not be used as it stood. */
  readonly problem: string | null;
  readonly #file: JsonFile<{ baskets: Baskets }>;
  #baskets: Baskets;

  constructor(path: string) {
    this.#file = new JsonFile({ path, version: 1, check: readBaskets, fallback: () => ({ baskets: {} }) });
    const { value, problem } = this.#file.read();
    this.#baskets = value.baskets;
    this.problem = problem;
  }

  get(cluster: ClusterKey): RequestBasket {
    return (Object.hasOwn(this.#baskets, cluster) && this.#baskets[cluster]) || empty;
  }

  /** In effect at once; resolves when it is on the disk. A basket that would be larger than any request may be is refused. */
  async change(cluster: ClusterKey, change: Change): Promise<void> {
    const after = changed(this.get(cluster), change);
    if (after.resources.length > maxRequestedResources || after.roles.length > maxRoles) {
      throw new AppError(
        'invalid-argument',
        `One request can name at most ${maxRequestedResources} things. Send what you have, then ask for the rest.`,
      );
    }
    const { [cluster]: _, ...others } = this.#baskets;
    const isEmpty = after.roles.length === 0 && after.resources.length === 0;
    const kept = Object.fromEntries(Object.entries(others).slice(-(maxBaskets - 1)));
    this.#baskets = isEmpty ? others : { ...kept, [cluster]: after };
    await this.#file.write({ baskets: this.#baskets });
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }
}

function changed(before: RequestBasket, { change, roles, resources }: Change): RequestBasket {
  const named = new Set(resources.map(({ id }) => resourceIdText(id)));
  const others = before.resources.filter(({ id }) => !named.has(resourceIdText(id)));
  if (change === 'remove') return { roles: before.roles.filter((role) => !roles.includes(role)), resources: others };
  const base = change === 'replace' ? empty : { ...before, resources: others };
  const unique = new Map([...base.resources, ...resources].map((resource) => [resourceIdText(resource.id), resource]));
  return { roles: [...new Set([...base.roles, ...roles])], resources: [...unique.values()] };
}

function readBaskets(content: Record<string, unknown>): { baskets: Baskets } {
  const { baskets } = content;
  if (typeof baskets !== 'object' || baskets === null) throw new Error('it has no baskets');
  const entries = Object.entries(baskets).flatMap(([cluster, value]) => {
    const parsed = requestBasketSchema.safeParse(value);
    return parsed.success ? [[cluster, parsed.data] as const] : [];
  });
  return { baskets: Object.fromEntries(entries.slice(0, maxBaskets)) };
}
