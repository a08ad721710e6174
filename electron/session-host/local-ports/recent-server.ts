import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { titleOf } from './describe-target.ts';
import { noAccess } from './program-access.ts';
import type { SavedConnection } from './saved-connections.ts';

/** A server that terminals were opened on. It has no port; its row only shows how many terminals there are. */
export class RecentServer {
  readonly saved: SavedConnection;
  readonly #now: () => number;
  readonly #changed: () => void;
  #terminals = 0;
  #openedAt: number | null = null;
  #row: ConnectionRow | null = null;

  /** `changed` is called when the row has changed. */
  constructor(saved: SavedConnection, now: () => number, changed: () => void) {
    this.saved = saved;
    this.#now = now;
    this.#changed = changed;
  }

  /** The same object until something of it changes. */
  get row(): ConnectionRow {
    const { id, target, port, targetPorts, createdAt } = this.saved;
    this.#row ??= {
      id,
      target,
      title: titleOf(target),
      protocol: 'ssh',
      port,
      ...noAccess,
      openIn: [],
      state: this.#terminals > 0 ? 'open' : 'closed',
      error: null,
      wants: null,
      expires: null,
      openedAt: this.#openedAt,
      bytes: { sent: 0, received: 0 },
      clients: this.#terminals,
      totalClients: 0,
      database: null,
      token: null,
      targetPorts,
      kube: null,
      createdAt,
    };
    return this.#row;
  }

  /** Counts a terminal until the returned function is called. */
  terminalOpened(): () => void {
    this.#count(1);
    return () => this.#count(-1);
  }

  #count(change: 1 | -1): void {
    this.#terminals += change;
    this.#openedAt = this.#terminals > 0 ? (this.#openedAt ?? this.#now()) : null;
    this.#row = null;
    this.#changed();
  }
}
