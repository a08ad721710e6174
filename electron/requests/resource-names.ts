import type { ResourceId } from '../../shared/model/access-request.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';

/** Asks the auth server of the root, or of a leaf. */
export type AskCluster = <T>(leaf: string, work: (client: AuthClient) => Promise<T>) => Promise<T>;

/** Ids of one question: its filter names each of them, so its length stays bounded. */
const batch = 25;
/** Bounds the memory of a run over months in a large cluster; servers beyond it show their id. */
const maxKnown = 20_000;
const uuid = /^[0-9a-f-]{36}$/i;

/** Host names of servers: requests name servers by UUID, people know them by host name. Each name is asked for once. */
export class ResourceNames {
  readonly #ask: AskCluster;
  readonly #rootCluster: string;
  readonly #onResolved: () => void;
  readonly #known = new Map<string, string>();
  readonly #wanted = new Map<string, ResourceId>();
  #isAsking = false;
  #isClosed = false;

  constructor(options: { ask: AskCluster; rootCluster: string; onResolved: () => void }) {
    this.#ask = options.ask;
    this.#rootCluster = options.rootCluster;
    this.#onResolved = options.onResolved;
  }

  /** The name, or the id until it is known. */
  display(id: ResourceId): string {
    const name = id.kind === 'node' ? (this.#known.get(`${id.cluster}/${id.name}`) ?? id.name) : id.name;
    return id.subResource ? `${name}/${id.subResource}` : name;
  }

  learn(id: ResourceId, display: string): void {
    if (id.kind === 'node' && display && this.#known.size < maxKnown) this.#known.set(`${id.cluster}/${id.name}`, display);
  }

  /** Asks for the names of these servers, a few at a time. */
  want(ids: Iterable<ResourceId>): void {
    for (const id of ids) {
      const key = `${id.cluster}/${id.name}`;
      if (id.kind === 'node' && uuid.test(id.name) && !this.#known.has(key)) this.#wanted.set(key, id);
    }
    if (!this.#isAsking && this.#wanted.size > 0) void this.#run();
  }

  close(): void {
    this.#isClosed = true;
    this.#wanted.clear();
  }

  async #run(): Promise<void> {
    this.#isAsking = true;
    // Meanwhile, entries are taken from the map and added to it: the loop goes on until none is left.
    for (const { cluster } of this.#wanted.values()) {
      if (this.#isClosed) break;
      const ids = [...this.#wanted.values()].filter((id) => id.cluster === cluster).slice(0, batch);
      for (const id of ids) this.#wanted.delete(`${id.cluster}/${id.name}`);
      await this.#ask(cluster === this.#rootCluster ? '' : cluster, (client) => client.nodeNames(ids.map((id) => id.name))).then(
        (names) => {
          // The cluster hides names of servers that this person may not see. Their id is shown instead and is not asked for again.
          for (const id of ids) this.learn(id, names.get(id.name) ?? id.name);
          this.#onResolved();
        },
        () => {},
      );
    }
    this.#isAsking = false;
  }
}
