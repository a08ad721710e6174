import { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { ConnectionRow, Forward } from '../../../shared/model/gateway.ts';
import { clusterOf } from '../../../shared/model/local-port.ts';
import type { GatewayTicket, TicketContract } from '../../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../../lib/background.ts';
import type { AccessWatch } from '../access-watch.ts';
import type { BorrowedConnection } from '../ssh-connections/ssh-connections.ts';
import { httpDatabases, protocolFacts } from './client-commands.ts';
import { describeAccess } from './describe-row.ts';
import { titleOf } from './describe-target.ts';
import { newToken } from './gateways/app-token.ts';
import { EntryKubeconfig } from './gateways/entry-kubeconfig.ts';
import type { Door, Gateway, Reporter } from './gateways/gateway.ts';
import type { KubeIdentity } from './gateways/kube-identity.ts';
import { Traffic } from './listening/traffic.ts';
import { findOnPath, windowPrograms } from './programs.ts';
import type { SavedConnection } from './saved-connections.ts';

export interface EntryContext {
  tickets: Client<TicketContract>;
  background: BackgroundReporter;
  access: AccessWatch;
  kubeFolder: string | null;
  borrow(target: SshTarget, signal: AbortSignal): Promise<BorrowedConnection>;
  env: NodeJS.ProcessEnv;
  now: () => number;
  /** The row is another one now. */
  changed(): void;
  /** What is remembered is another thing now. */
  save(): void;
  /** A program used what was opened again at the start: once. */
  usedAgain(target: SavedConnection['target']): void;
}

interface Runner {
  readonly port: number;
  move(port: number | null): Promise<void>;
  close(): void;
}

type Live = Pick<ConnectionRow, 'state' | 'error' | 'wants' | 'expires' | 'openedAt'>;

const mergeWork = { what: 'to change the personal kubeconfig', cluster: '' };
const noAccess = { address: '', url: '', env: {}, commands: [], notes: [] };

/** One row of the connection list, and what runs behind it while it is open. */
export class ConnectionEntry {
  readonly #context: EntryContext;
  readonly #kubeconfig: EntryKubeconfig;
  readonly #traffic = new Traffic();
  #saved: SavedConnection;
  #live: Live = { state: 'closed', error: null, wants: null, expires: null, openedAt: null };
  #described: ReturnType<typeof describeAccess> & Pick<ConnectionRow, 'openIn'> = { ...noAccess, openIn: [] };
  #runner: Runner | null = null;
  #gateway: Gateway | null = null;
  #opening: Promise<void> | null = null;
  #identity: KubeIdentity | null = null;
  #terminals = 0;
  #isRestored = false;
  #row: ConnectionRow | null = null;

  constructor(saved: SavedConnection, context: EntryContext) {
    this.#saved = saved;
    this.#context = context;
    this.#kubeconfig = new EntryKubeconfig(context.kubeFolder, context.env);
  }

  get saved(): SavedConnection {
    return this.#saved;
  }

  get isOpen(): boolean {
    return this.#runner !== null;
  }

  /** The same object until something of it changes. */
  get row(): ConnectionRow {
    const { sent, received, clients, total } = this.#traffic;
    const isSsh = this.#saved.target.kind === 'ssh';
    const counted = isSsh ? this.#terminals : clients;
    const last = this.#row;
    if (last && last.bytes.sent === sent && last.bytes.received === received && last.clients === counted && last.totalClients === total) return last;
    this.#row = last ? { ...last, bytes: { sent, received }, clients: counted, totalClients: total } : this.#describe(sent, received, counted, total);
    return this.#row;
  }

  change(part: Partial<SavedConnection>): void {
    this.#saved = { ...this.#saved, ...part };
    this.#changed();
  }

  /** Opens it, on `port` or the one it had. Resolves when it listens; what is open stays. */
  open(port: number | null): Promise<void> {
    if (this.#runner) return Promise.resolve();
    this.#opening ??= this.#open(port ?? this.#saved.port, false).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Opens it without asking the cluster anything: its certificate comes with the first connection. */
  restore(): Promise<void> {
    if (this.#runner) return Promise.resolve();
    this.#opening ??= this.#open(this.#saved.port, true).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Ends it; what is remembered of it says so. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {}); // whoever opened it is told
    if (this.#saved.merged) await this.#merging(this.#unmerge());
    await this.stop();
    this.#saved = { ...this.#saved, open: false };
    this.#set({ state: this.#terminals > 0 ? 'open' : 'closed', error: null, wants: null, expires: null, openedAt: null });
  }

  async remove(): Promise<void> {
    await this.close();
    if (this.#saved.merged) await this.#kubeconfig.unmerge(this.#saved);
  }

  /** Ends what runs, and keeps in mind that it was open. */
  async stop(): Promise<void> {
    this.#runner?.close();
    this.#runner = null;
    this.#gateway = null;
    this.#identity = null;
    await this.#kubeconfig.remove(this.#saved);
  }

  async changePort(port: number): Promise<void> {
    if (this.#runner && port !== this.#runner.port) {
      await this.#runner.move(port);
      this.#saved = { ...this.#saved, port };
      await this.#writeKubeconfig();
      this.#describeAccess();
    } else {
      this.#saved = { ...this.#saved, port };
    }
    this.#changed();
  }

  async changeNamespace(namespace: string): Promise<void> {
    this.#saved = { ...this.#saved, namespace };
    await this.#writeKubeconfig();
    this.#changed();
  }

  changeToken(wanted: boolean): void {
    if (!hasToken(this.#saved)) throw new AppError('invalid-argument', 'Only web apps and MCP servers can have a token.');
    this.change({ token: wanted ? newToken() : '' });
  }

  async changeTargetPort(targetPort: number): Promise<void> {
    const { target, targetPorts } = this.#saved;
    if (target.kind !== 'app') throw new AppError('invalid-argument', 'Only apps have ports to choose from.');
    if (targetPorts.length > 0 && !targetPorts.some(({ port, endPort }) => targetPort >= port && targetPort <= endPort))
      throw new AppError('invalid-argument', `The app has no port ${targetPort}.`);
    this.#saved = { ...this.#saved, target: { ...target, targetPort } };
    this.#gateway?.endAll(new AppError('closed', 'Another port of the app was chosen.'));
    this.#changed();
  }

  async changeForward(forward: Forward, withTerminal: boolean): Promise<void> {
    const { target } = this.#saved;
    if (target.kind !== 'forward') throw new AppError('invalid-argument', 'This is no port forward.');
    const isOther = JSON.stringify(forward) !== JSON.stringify(target.forward);
    const wasOpen = this.isOpen;
    if (isOther && wasOpen) await this.stop();
    const keepsPort = forward.type === target.forward.type && forward.type !== 'remote';
    this.change({ target: { ...target, forward, withTerminal }, ...(keepsPort ? {} : { port: null }) });
    if (isOther && wasOpen) await this.open(null);
  }

  async mergeKubeconfig(merged: boolean): Promise<void> {
    if (this.#saved.target.kind !== 'kube') throw new AppError('invalid-argument', 'Only Kubernetes clusters stand in a kubeconfig.');
    if (!merged) await this.#kubeconfig.unmerge(this.#saved);
    else if (this.#identity) await this.#kubeconfig.merge(this.#saved, this.#identity);
    else throw new AppError('conflict', 'Open the connection first.');
    this.#saved = { ...this.#saved, merged, kubeExtras: null };
    this.#changed();
  }

  terminalOpened(): () => void {
    this.#terminals++;
    this.#set({ state: 'open', openedAt: this.#live.openedAt ?? this.#context.now() });
    return () => {
      this.#terminals--;
      if (this.#terminals === 0) this.#set({ state: 'closed', openedAt: null });
      else this.#changed();
    };
  }

  async #open(port: number | null, isRestored: boolean): Promise<void> {
    this.#isRestored = isRestored;
    this.#set({ state: 'opening', error: null, wants: null });
    this.#traffic.reset();
    try {
      this.#runner = this.#saved.target.kind === 'forward' ? await this.#openForward(port) : await this.#openGateway(port, isRestored);
      this.#saved = { ...this.#saved, open: true, port: this.#runner.port || null };
      await this.#writeKubeconfig();
      this.#describeAccess();
      this.#set({ state: 'open', openedAt: this.#context.now() });
    } catch (caught) {
      const error = AppError.from(caught);
      await this.stop();
      this.#set({ state: 'failed', error: error.toData(), wants: null });
      throw error;
    }
  }

  async #openForward(port: number | null): Promise<Runner> {
    const { target } = this.#saved;
    if (target.kind !== 'forward') throw new AppError('internal', 'Not a port forward.');
    const { ForwardRunner } = await import('./forwards/forward.ts');
    const { borrow, access } = this.#context;
    const runner = new ForwardRunner({ target, borrow: (signal) => borrow(target.server, signal), access, reporter: this.#reporter() });
    this.#saved = { ...this.#saved, protocol: target.forward.type };
    await openOrClose(runner, () => runner.open(port));
    return runner;
  }

  async #openGateway(port: number | null, isRestored: boolean): Promise<Runner> {
    const { Gateway } = await import('./gateways/gateway.ts');
    const { tickets, background, access, now } = this.#context;
    const target = () => {
      const current = this.#saved.target;
      if (current.kind === 'forward' || current.kind === 'ssh') throw new AppError('internal', 'Not a gateway.');
      return current;
    };
    const gateway: Gateway = new Gateway({
      cluster: clusterOf(this.#saved.target),
      fetchTicket: () => tickets.call('ticket.gateway', target()),
      refused: () => {
        const cluster = clusterOf(this.#saved.target);
        inBackground(background, { what: 'to have a refused certificate renewed', cluster }, tickets.call('ticket.expired', { cluster }));
      },
      access,
      reporter: this.#reporter(),
      now,
    });
    return openOrClose(gateway, async () => {
      // What was open before is known well enough; a new one is asked for, and what is wrong with it is said at once.
      if (!isRestored || this.#saved.protocol === '') await gateway.credentials();
      await gateway.open(port, await this.#door(gateway));
      this.#gateway = gateway;
    });
  }

  async #door(gateway: Gateway): Promise<Door> {
    const { target, protocol, owner } = this.#saved;
    if (target.kind === 'kube') {
      const [{ KubeDoor }, { createKubeIdentity }] = await Promise.all([import('./gateways/kube-door.ts'), import('./gateways/kube-identity.ts')]);
      this.#identity = await createKubeIdentity(owner, this.#context.now());
      return new KubeDoor(gateway, this.#identity);
    }
    if (target.kind === 'app' ? protocol !== 'tcp' : httpDatabases.has(protocol)) {
      const { HttpDoor } = await import('./gateways/http-door.ts');
      return new HttpDoor(gateway, () => this.#saved.token);
    }
    const { TunnelDoor, databaseRules, tcpAppRules } = await import('./gateways/tunnel-door.ts');
    return new TunnelDoor(
      gateway,
      target.kind === 'app' ? tcpAppRules : databaseRules(protocol, protocolFacts(protocol) ?? { serverFirst: true, noTls: 'turn off TLS' }),
    );
  }

  /** Programs use it without a person who waits: what fails then is seen in the row, and noted. */
  get #use() {
    return { what: `to connect a program to a ${this.#saved.protocol || this.#saved.target.kind} target`, cluster: clusterOf(this.#saved.target) };
  }

  async #unmerge(): Promise<void> {
    this.#saved = { ...this.#saved, kubeExtras: await this.#kubeconfig.unmerge(this.#saved) };
  }

  async #merging(work: Promise<void>): Promise<void> {
    try {
      await work;
      this.#context.background.worked(mergeWork);
    } catch (caught) {
      this.#context.background.failed(mergeWork, caught);
      this.#set({ error: AppError.from(caught).toData() });
    }
  }

  #reporter(): Reporter {
    return {
      traffic: this.#traffic,
      failed: (error) => {
        this.#context.background.failed(this.#use, error);
        this.#set({ error: error.toData() });
      },
      worked: () => {
        this.#context.background.worked(this.#use);
        if (this.#live.error) this.#set({ error: null });
      },
      wants: (wants) => this.#set({ wants }),
      renewed: (ticket) => this.#renewed(ticket),
    };
  }

  #renewed({ protocol, owner, targetPorts, expires }: GatewayTicket): void {
    const { saved } = this;
    if (this.#isRestored) this.#context.usedAgain(saved.target);
    this.#isRestored = false;
    const isOther = protocol !== saved.protocol || owner !== saved.owner || JSON.stringify(targetPorts) !== JSON.stringify(saved.targetPorts);
    if (isOther) {
      this.#saved = { ...saved, protocol, owner, targetPorts };
      this.#context.save();
    }
    this.#set({ expires });
  }

  async #writeKubeconfig(): Promise<void> {
    if (!this.#identity) return;
    await this.#kubeconfig.write(this.#saved, this.#identity);
    if (this.#saved.merged) await this.#merging(this.#kubeconfig.merge(this.#saved, this.#identity));
  }

  #describeAccess(): void {
    const find = findOnPath(this.#context.env);
    const port = this.#runner?.port ?? 0;
    this.#described = {
      ...describeAccess(this.#saved, port, this.#kubeconfig.pathOf(this.#saved), find),
      openIn: windowPrograms(this.#saved.protocol, find),
    };
  }

  #set(part: Partial<Live>): void {
    this.#live = { ...this.#live, ...part };
    this.#changed();
  }

  #changed(): void {
    if (this.#runner) this.#describeAccess();
    this.#row = null;
    this.#context.changed();
  }

  #describe(sent: number, received: number, clients: number, totalClients: number): ConnectionRow {
    const { id, target, protocol, port, database, targetPorts, createdAt, token } = this.#saved;
    const described = this.isOpen ? this.#described : { ...noAccess, openIn: [] };
    return {
      id,
      target,
      title: titleOf(target),
      protocol: target.kind === 'ssh' ? 'ssh' : protocol,
      port,
      ...described,
      ...this.#live,
      bytes: { sent, received },
      clients,
      totalClients,
      database: target.kind === 'database' && (protocolFacts(protocol)?.namesDatabase ?? false) ? database : null,
      token: hasToken(this.#saved) ? token !== '' : null,
      targetPorts,
      kube: this.#kubeconfig.factsOf(this.#saved),
      createdAt,
    };
  }
}

const hasToken = ({ target, protocol }: SavedConnection) => target.kind === 'app' && (protocol === 'http' || protocol === 'mcp');

async function openOrClose<T extends Runner>(runner: T, open: () => Promise<void>): Promise<T> {
  try {
    await open();
    return runner;
  } catch (caught) {
    runner.close();
    throw caught;
  }
}
