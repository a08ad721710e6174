/*
 * Local ports: addresses on this computer that lead to databases, Kubernetes clusters and apps behind a cluster, and SSH port
 * forwards. `ConnectionService` is the list and its calls. Each row is a `ConnectionEntry` (what is remembered, its state, opening
 * and closing) with a `LocalPort` of its kind (`kinds/`). `gateways/` and `forwards/` do the work: a `Gateway` fetches a
 * certificate and dials the proxy by TLS, a `ForwardRunner` uses the shared SSH connections. `listening/` has what both need: a
 * listener that refuses other users, `joinSockets`, and `AccessGuard`, which ends connections when the access they rest on is over.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { SessionHostContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { CallInput } from '../../../shared/ipc/define.ts';
import { type Handlers, Topic } from '../../../shared/ipc/server.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { ConnectionOrigin, ConnectionRow, Connections } from '../../../shared/model/gateway.ts';
import { targetKey } from '../../../shared/model/local-port.ts';
import type { TicketContract } from '../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground, reported } from '../../lib/background.ts';
import type { AccessWatch } from '../access-watch.ts';
import type { BorrowedConnection } from '../ssh-connections/ssh-connections.ts';
import { ConnectionEntry } from './connection-entry.ts';
import { sweepKubeconfigs } from './gateways/port-kubeconfig.ts';
import type { LocalPort, PortTarget } from './local-port.ts';
import { findOnPath, openIn } from './programs.ts';
import { RecentServer } from './recent-server.ts';
import { type SavedConnection, SavedConnections } from './saved-connections.ts';

export interface ConnectionServiceOptions {
  tickets: Client<TicketContract>;
  access: AccessWatch;
  /** A folder of its own; null keeps nothing over a restart. */
  folder: string | null;
  borrow(target: SshTarget, signal: AbortSignal): Promise<BorrowedConnection>;
  background: BackgroundReporter;
  env: NodeJS.ProcessEnv;
  now?: () => number;
}

type Calls = Pick<Handlers<SessionHostContract>['calls'], Extract<keyof SessionHostContract['calls'], `connections.${string}`>>;
type OpenInput = CallInput<SessionHostContract, 'connections.open'>;

/** Rows are kept until they are removed; the bound keeps the file and the page's list usable. */
const maxRows = 1000;
/** How often counts of bytes are published: often enough to look live, seldom enough to cost nothing. */
const trafficMs = 500;

/** Gateways, port forwards and the list of them: what is open, what was, and how to open it again. */
export class ConnectionService {
  readonly topic: Topic<Connections>;
  readonly #options: ConnectionServiceOptions;
  readonly #saved: SavedConnections;
  readonly #now: () => number;
  readonly #entries = new Map<string, ConnectionEntry>();
  readonly #servers = new Map<string, RecentServer>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopWatching: () => void;
  #isClosed = false;

  constructor(options: ConnectionServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#saved = new SavedConnections(options.folder === null ? null : join(options.folder, 'connections.json'));
    for (const saved of this.#saved.connections) this.#add(saved);
    this.topic = new Topic<Connections>({ rows: this.#rows(), problem: this.#saved.problem });
    this.#timer = setInterval(() => this.#publish(), trafficMs).unref();
    this.#stopWatching = this.#options.access.onChange(() => this.#retryRemote());
  }

  /** Opens again, on their ports, what was open when Slipway was closed. */
  async start(): Promise<void> {
    const { folder, env } = this.#options;
    if (folder !== null) sweepKubeconfigs(join(folder, 'kube'), env);
    const wanted = [...this.#entries.values()].filter(({ saved }) => saved.open);
    await Promise.allSettled(wanted.map((entry) => this.#restore(entry)));
    this.#publish();
  }

  readonly calls: Calls = {
    'connections.open': (input) => this.#open(input),
    'connections.reopen': async ({ id, origin, port }) => {
      await this.#start(this.#entry(id), port, origin);
      return null;
    },
    'connections.close': async ({ id }) => {
      // The terminals of a server are closed in their tabs.
      if (!this.#servers.has(id)) await this.#entry(id).close();
      await this.#save();
      return null;
    },
    'connections.remove': async ({ id }) => {
      if (!this.#servers.delete(id)) {
        await this.#entry(id).remove();
        this.#entries.delete(id);
      }
      await this.#save();
      return null;
    },
    'connections.change-port': ({ id, port }) => this.#change(id, (local) => local.changePort(port)),
    'connections.change-database': ({ id, database }) =>
      this.#change(id, (local) => local.changeDatabase?.(database) ?? cannot('Only databases have a database name to choose.')),
    'connections.change-namespace': ({ id, namespace }) =>
      this.#change(id, (local) => local.changeNamespace?.(namespace) ?? cannot('Only Kubernetes clusters have namespaces.')),
    'connections.change-target-port': ({ id, targetPort }) =>
      this.#change(id, (local) => local.changeTargetPort?.(targetPort) ?? cannot('Only apps have ports to choose from.')),
    'connections.change-forward': ({ id, forward, withTerminal }) =>
      this.#change(id, (local) => local.changeForward?.(forward, withTerminal) ?? cannot('This is no port forward.')),
    'connections.merge-kubeconfig': ({ id, merged }) =>
      this.#change(id, (local) => local.mergeKubeconfig?.(merged) ?? cannot('Only Kubernetes clusters stand in a kubeconfig.')),
    'connections.change-token': ({ id, wanted }) =>
      this.#change(id, (local) => local.changeToken?.(wanted) ?? cannot('Only web apps and MCP servers can have a token.')),
    'connections.open-in': ({ id, program }) => {
      const { row } = this.#entry(id);
      if (row.state !== 'open') throw new AppError('conflict', 'Open the connection first.');
      openIn(program, row, this.#options.env, findOnPath(this.#options.env));
      return null;
    },
  };

  /**
   * Called when a terminal on a server was opened. It puts the server on the list and opens the forwards that belong to it. Returns
   * the function to call at the terminal's end.
   */
  terminalOpened(server: SshTarget): () => void {
    const target = { kind: 'ssh', server } as const;
    const recent = find(this.#servers, target) ?? this.#newServer(this.#newSaved(target, 'connection_list'));
    const ended = recent.terminalOpened();
    void this.#save();
    for (const other of this.#entries.values()) {
      const wanted = other.port.target;
      if (wanted.kind !== 'forward' || !wanted.withTerminal || other.isOpen || !sameServer(wanted.server, server)) continue;
      inBackground(
        this.#options.background,
        { what: 'to open the port forward of a terminal', cluster: server.cluster },
        this.#start(other, null, 'connection_list'),
      );
    }
    return () => {
      ended();
      this.#publish();
    };
  }

  /** The environment for a shell that runs beside an open connection. */
  surroundings(
    id: string,
    command: number | null,
  ): { env: Readonly<Record<string, string>>; command: { program: string; args: readonly string[] } | null; title: string } {
    const { row } = this.#entry(id);
    if (row.state !== 'open') throw new AppError('conflict', `${row.title} is not open any more. Open it again.`);
    if (command === null) return { env: row.env, command: null, title: row.title };
    const wanted = row.commands[command];
    if (!wanted?.runnable) throw new AppError('not-found', 'There is no such command.');
    if (!wanted.installed) throw new AppError('not-found', `${wanted.program} was not found on this computer. ${wanted.advice}`);
    return { env: { ...row.env, ...wanted.env }, command: { program: wanted.program, args: wanted.args }, title: row.title };
  }

  /** A terminal tab of a Kubernetes cluster is one use of it. */
  shellOpened(id: string, origin: ConnectionOrigin): void {
    const entry = this.#entries.get(id);
    if (entry?.port.use?.counted === 'per-terminal') this.#tellUse(entry, origin);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#stopWatching();
    await Promise.allSettled([...this.#entries.values()].map((entry) => entry.stop()));
    await this.#saved.settled();
  }

  async #open({ target, port, origin }: OpenInput): Promise<{ id: string }> {
    const known = find(this.#entries, target);
    if (!known && this.#entries.size + this.#servers.size >= maxRows)
      throw new AppError('conflict', 'There are too many saved connections. Remove some that you do not need.');
    const entry = known ?? this.#newEntry(target, this.#newSaved(target, origin));
    if (target.kind === 'forward') entry.port.retarget?.(target);
    await this.#start(entry, port, origin);
    return { id: entry.saved.id };
  }

  async #start(entry: ConnectionEntry, port: number | null, origin: ConnectionOrigin): Promise<void> {
    const wasOpen = entry.isOpen;
    if (wasOpen && port !== null && port !== entry.row.port) await entry.port.changePort(port);
    if (!wasOpen) entry.remember({ origin });
    this.#publish();
    try {
      await entry.open(port);
    } finally {
      await this.#save();
    }
    if (!wasOpen && entry.port.use?.counted === 'at-opening') this.#tellUse(entry, entry.saved.origin);
  }

  async #change(id: string, work: (port: LocalPort) => Promise<void>): Promise<null> {
    try {
      await work(this.#entry(id).port);
    } finally {
      await this.#save();
    }
    return null;
  }

  #tellUse({ port, cluster }: ConnectionEntry, origin: ConnectionOrigin): void {
    if (!port.use) return;
    const { protocol } = port.use;
    // Runs in the background, because a failed report of a use must not delay the use itself.
    inBackground(
      this.#options.background,
      { what: 'to count the use of a local connection', cluster },
      this.#options.tickets.call('session.opened', { cluster, protocol, origin }),
    );
  }

  /** A forward on a server's port is lost together with its connection, and is opened again after a login. */
  #retryRemote(): void {
    for (const entry of this.#entries.values()) {
      const isLost = entry.port.endsWithConnection && entry.saved.open && entry.row.state === 'failed';
      if (isLost && this.#options.access.of(entry.cluster)?.signedIn) void this.#restore(entry).catch(() => {}); // the failure is reported, and the row shows it too
    }
    this.#publish();
  }

  #restore(entry: ConnectionEntry): Promise<void> {
    const work = { what: 'to open a local connection again', cluster: entry.cluster };
    return reported(this.#options.background, work, entry.restore());
  }

  #add(saved: SavedConnection): void {
    const { target } = saved;
    if (target.kind === 'ssh') this.#newServer(saved);
    else this.#newEntry(target, saved);
  }

  #newServer(saved: SavedConnection): RecentServer {
    const server = new RecentServer(saved, this.#now, () => queueMicrotask(() => this.#publish()));
    this.#servers.set(saved.id, server);
    return server;
  }

  #newEntry(target: PortTarget, saved: SavedConnection): ConnectionEntry {
    const { tickets, background, access, folder, borrow, env } = this.#options;
    const entry = new ConnectionEntry(target, saved, {
      tickets,
      background,
      access,
      kubeFolder: folder === null ? null : join(folder, 'kube'),
      borrow,
      env,
      now: this.#now,
      changed: () => queueMicrotask(() => this.#publish()),
      save: () => void this.#save(),
      usedAgain: (used) => used.port.use?.counted === 'at-opening' && this.#tellUse(used, 'reopened_session'),
    });
    this.#entries.set(saved.id, entry);
    return entry;
  }

  #newSaved(target: SavedConnection['target'], origin: ConnectionOrigin): SavedConnection {
    const createdAt = this.#now();
    return {
      id: randomUUID(),
      target,
      origin,
      open: false,
      protocol: '',
      owner: '',
      port: null,
      database: '',
      namespace: '',
      merged: false,
      kubeExtras: null,
      token: '',
      targetPorts: [],
      createdAt,
    };
  }

  #entry(id: string): ConnectionEntry {
    if (this.#servers.has(id)) throw new AppError('invalid-argument', 'Terminals are opened in a tab.');
    const entry = this.#entries.get(id);
    if (!entry) throw new AppError('not-found', 'This connection is not on the list any more.');
    return entry;
  }

  async #save(): Promise<void> {
    this.#publish();
    const saving = this.#saved.write(this.#all().map(({ saved }) => saved));
    await reported(this.#options.background, { what: 'to save the list of local connections', cluster: '' }, saving).catch(() => {}); // the failure is reported
  }

  #publish(): void {
    if (this.#isClosed) return;
    const before = this.topic.get();
    const rows = this.#rows();
    const names = Object.keys(rows);
    const isSame = names.length === Object.keys(before.rows).length && names.every((id) => rows[id] === before.rows[id]);
    if (!isSame) this.topic.set({ ...before, rows });
  }

  /** Rows that did not change are the same objects. */
  #rows(): Record<string, ConnectionRow> {
    return Object.fromEntries(this.#all().map(({ saved, row }) => [saved.id, row]));
  }

  #all(): readonly (ConnectionEntry | RecentServer)[] {
    return [...this.#entries.values(), ...this.#servers.values()];
  }
}

function find<T extends { readonly saved: SavedConnection }>(among: ReadonlyMap<string, T>, target: SavedConnection['target']): T | undefined {
  const key = targetKey(target);
  return [...among.values()].find(({ saved }) => targetKey(saved.target) === key);
}

function cannot(why: string): never {
  throw new AppError('invalid-argument', why);
}

function sameServer(left: SshTarget, right: SshTarget): boolean {
  return left.cluster === right.cluster && left.leaf === right.leaf && left.node === right.node && left.login === right.login;
}
