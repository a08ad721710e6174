import type { proto } from '../../../proto/gen/teleport.js';
import type { LabelledKind } from './roles.ts';

type Message = Omit<proto.IPaginatedResource, 'Logins' | 'RequiresRequest'>;

export interface Entry {
  readonly kind: LabelledKind;
  /** Teleport's own name: a node's UUID, the name of anything else. */
  readonly id: string;
  /** What it is sorted and found by: a node's host name, the name of anything else. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `mcp` for an MCP app. */
  readonly mcp: boolean;
  readonly message: Message;
  /** Sort name, lower-cased, with the kind: also the id by which it is pinned (login-and-auth §7.8). */
  readonly key: string;
  /** Where a dial of this node ends; null for one that is only listed. */
  readonly address: { host: string; port: number } | null;
  readonly subKind: string;
  /** Where search words are looked for, lower-cased: name, description, labels, addresses, protocol. */
  readonly searchText: string;
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The resources of one cluster, kept in the two orders in which they can be listed. */
export class Inventory {
  #byName: readonly Entry[] = [];
  #byKind: readonly Entry[] | null = null;

  constructor(entries: readonly Entry[] = []) {
    this.add(entries);
  }

  add(entries: readonly Entry[]): void {
    this.#byName = [...this.#byName, ...entries].sort((a, b) => order(a.key, b.key));
    this.#byKind = null;
  }

  remove(id: string): void {
    this.#byName = this.#byName.filter((entry) => entry.id !== id);
    this.#byKind = null;
  }

  get byName(): readonly Entry[] {
    return this.#byName;
  }

  get byKind(): readonly Entry[] {
    this.#byKind ??= [...this.#byName].sort((a, b) => order(a.kind, b.kind) || order(a.key, b.key));
    return this.#byKind;
  }

  nodes(): readonly Entry[] {
    return this.#byName.filter((entry) => entry.kind === 'node');
  }
}
