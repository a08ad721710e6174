import { AppError } from '../../../shared/errors/app-error.ts';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { clusterOf } from '../../../shared/model/local-port.ts';
import { inBackground } from '../../lib/background.ts';
import { titleOf } from './describe-target.ts';
import { localPortOf } from './kinds/local-port-of.ts';
import type { Reporter } from './listening/reporter.ts';
import { Traffic } from './listening/traffic.ts';
import type { LocalPort, PortRow, PortServices, PortTarget, SavedPort } from './local-port.ts';
import { noAccess } from './program-access.ts';
import { findOnPath, windowPrograms } from './programs.ts';
import type { SavedConnection } from './saved-connections.ts';

export interface EntryOptions extends PortServices {
  /** Called when the row has changed. */
  changed(): void;
  /** Called when what is remembered has changed. */
  save(): void;
  /** Called once, when a program first uses a port that was opened again at the start. */
  usedAgain(entry: ConnectionEntry): void;
}

type Live = Pick<ConnectionRow, 'state' | 'error' | 'wants' | 'expires' | 'openedAt'>;
type Described = Pick<ConnectionRow, 'address' | 'url' | 'env' | 'commands' | 'notes' | 'openIn'>;

const closed: Described = { ...noAccess, openIn: [] };

/**
 * One row of the connection list: what is remembered of a local port, its state, and its opening and closing. `port` has what
 * differs by kind.
 */
export class ConnectionEntry {
  readonly port: LocalPort;
  readonly #options: EntryOptions;
  readonly #traffic = new Traffic();
  #saved: SavedPort;
  #live: Live = { state: 'closed', error: null, wants: null, expires: null, openedAt: null };
  #described = closed;
  #opening: Promise<void> | null = null;
  #isRestored = false;
  #row: ConnectionRow | null = null;
  #asking: AbortController | null = null;

  constructor(target: PortTarget, saved: SavedPort, options: EntryOptions) {
    this.#saved = saved;
    this.#options = options;
    this.port = localPortOf(target, options, this.#portRow());
  }

  get saved(): SavedConnection {
    return { ...this.#saved, target: this.port.target };
  }

  get cluster(): string {
    return clusterOf(this.port.target);
  }

  get isOpen(): boolean {
    return this.port.openPort !== null;
  }

  /** The same object until something of it changes. */
  get row(): ConnectionRow {
    const { sent, received, clients, total } = this.#traffic;
    const last = this.#row;
    if (last && last.bytes.sent === sent && last.bytes.received === received && last.clients === clients && last.totalClients === total) return last;
    this.#row = { ...(last ?? this.#describe()), bytes: { sent, received }, clients, totalClients: total };
    return this.#row;
  }

  remember(part: Partial<SavedPort>): void {
    this.#saved = { ...this.#saved, ...part };
    this.#changed();
  }

  /** Opens it, on `port` or the one it had. Resolves when it listens; what is open stays. */
  open(port: number | null): Promise<void> {
    return this.#openOnce(port ?? this.#saved.port, false);
  }

  /** Opens it without asking the cluster: the certificate is fetched with the first connection. */
  restore(): Promise<void> {
    return this.#openOnce(this.#saved.port, true);
  }

  /** Closes it, and remembers that it is closed. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {}); // the caller of `open` gets the failure
    await this.port.closing?.();
    await this.port.close();
    this.#saved = { ...this.#saved, open: false };
    this.#set({ state: 'closed', error: null, wants: null, expires: null, openedAt: null });
  }

  async remove(): Promise<void> {
    await this.close();
    await this.port.removed?.();
  }

  /** Closes it, and remembers that it was open. */
  stop(): Promise<void> {
    return this.port.close();
  }

  #openOnce(port: number | null, isRestored: boolean): Promise<void> {
    if (this.isOpen) return Promise.resolve();
    this.#opening ??= this.#open(port, isRestored).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(port: number | null, isRestored: boolean): Promise<void> {
    this.#isRestored = isRestored;
    this.#set({ state: 'opening', error: null, wants: null });
    this.#traffic.reset();
    try {
      await this.port.open(port, isRestored);
      this.#saved = { ...this.#saved, open: true, port: this.port.openPort || null };
      await this.port.opened?.();
      this.#set({ state: 'open', openedAt: this.#options.now() });
    } catch (caught) {
      const error = AppError.from(caught);
      await this.port.close();
      this.#set({ state: 'failed', error: error.toData(), wants: null });
      throw error;
    }
  }

  #portRow(): PortRow {
    const saved = () => this.#saved;
    return {
      get saved() {
        return saved();
      },
      reporter: this.#reporter(),
      remember: (part) => this.remember(part),
      changed: () => this.#changed(),
      certified: (facts, expires) => this.#certified(facts, expires),
      problem: (error) => this.#set({ error: error.toData() }),
      reopen: () => this.open(null),
    };
  }

  #reporter(): Reporter {
    const { background } = this.#options;
    return {
      traffic: this.#traffic,
      failed: (error) => {
        background.failed(this.#use, error);
        this.#set({ error: error.toData() });
      },
      worked: () => {
        background.worked(this.#use);
        if (this.#live.error) this.#set({ error: null });
      },
      wants: (wants) => {
        this.#set({ wants });
        this.#askForLogin(wants === 'login');
      },
    };
  }

  /** Asks the person once for each time that programs begin to wait, and no longer than they do. */
  #askForLogin(isWanted: boolean): void {
    if (isWanted === (this.#asking !== null)) return;
    this.#asking?.abort();
    this.#asking = isWanted ? new AbortController() : null;
    if (!this.#asking) return;
    const { tickets, background } = this.#options;
    const { signal } = this.#asking;
    const { cluster } = this;
    const reason = `so that the program that uses ${titleOf(this.port.target)} can go on`;
    const asked = tickets.call('login.ask', { cluster, reason }, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    inBackground(background, { what: 'to ask for a login that a program waits for', cluster }, asked);
  }

  /** Programs use the port while no person waits, so failures are shown in the row and logged. */
  get #use() {
    return { what: `to connect a program to a ${this.#saved.protocol || this.port.target.kind} target`, cluster: this.cluster };
  }

  #certified(facts: Pick<SavedPort, 'protocol' | 'owner' | 'targetPorts'>, expires: number): void {
    if (this.#isRestored) this.#options.usedAgain(this);
    this.#isRestored = false;
    const { protocol, owner, targetPorts } = this.#saved;
    if (JSON.stringify([facts.protocol, facts.owner, facts.targetPorts]) !== JSON.stringify([protocol, owner, targetPorts])) {
      this.#saved = { ...this.#saved, ...facts };
      this.#options.save();
    }
    this.#set({ expires });
  }

  #set(part: Partial<Live>): void {
    this.#live = { ...this.#live, ...part };
    this.#changed();
  }

  #changed(): void {
    this.#described = this.#describeAccess();
    this.#row = null;
    this.#options.changed();
  }

  #describeAccess(): Described {
    const { openPort } = this.port;
    if (openPort === null) return closed;
    const find = findOnPath(this.#options.env);
    return { ...this.port.programAccess(openPort, find), openIn: windowPrograms(this.#saved.protocol, find) };
  }

  #describe(): Omit<ConnectionRow, 'bytes' | 'clients' | 'totalClients'> {
    const { id, protocol, port, targetPorts, createdAt } = this.#saved;
    const { target, facts } = this.port;
    return {
      id,
      target,
      title: titleOf(target),
      protocol,
      port,
      ...this.#described,
      ...this.#live,
      database: null,
      token: null,
      targetPorts,
      kube: null,
      ...facts,
      createdAt,
    };
  }
}
