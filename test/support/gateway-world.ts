import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { logInAs } from '../../electron/clusters/testing/log-in.ts';
import { TestService, uncancelled } from '../../electron/clusters/testing/service.ts';
import { type GatewayTicket, ticketContract } from '../../electron/host-contract/ticket.ts';
import { AccessWatch } from '../../electron/session-host/access-watch.ts';
import { ConnectionService } from '../../electron/session-host/local-ports/connection-service.ts';
import { SshConnections } from '../../electron/session-host/ssh-connections/ssh-connections.ts';
import { SshDialer } from '../../electron/session-host/ssh-connections/ssh-dialer.ts';
import { noBackground } from '../../electron/testing/background.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { serve } from '../../shared/ipc/server.ts';
import type { ConnectionRow, OpenConnection } from '../../shared/model/gateway.ts';
import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../cluster/index.ts';

/** A cluster with things behind it, a login on it, and the connections of a session host, as the app has them. */
export class GatewayWorld {
  readonly cluster: EmbeddedCluster;
  readonly main: TestService;
  readonly uses: unknown[] = [];
  /** All that gateways were given. */
  readonly tickets: GatewayTicket[] = [];
  /** How often a connection to a server was asked for. */
  sshTickets = 0;
  key = '';
  connections!: ConnectionService;
  readonly #now: () => number;
  readonly #dialer = Promise.resolve(new SshDialer());
  readonly #ssh = new SshConnections(async (ticket, options) => (await this.#dialer).dial(ticket, options));
  #access!: AccessWatch;
  #stopServing = () => {};
  readonly #env: NodeJS.ProcessEnv;

  private constructor(cluster: EmbeddedCluster, main: TestService, now: () => number) {
    this.cluster = cluster;
    this.main = main;
    this.#now = now;
    this.#env = { ...process.env, HOME: main.folder, KUBECONFIG: join(main.folder, 'own-kubeconfig') };
  }

  static async start(options: ClusterOptions = {}, now: () => number = Date.now): Promise<GatewayWorld> {
    const cluster = await startCluster({ resources: 3, sshd: false, leaf: false, gateways: true, now, ...options });
    const world = new GatewayWorld(cluster, await TestService.start({ now }), now);
    await world.main.calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
    await world.login();
    await world.startConnections();
    return world;
  }

  async login(name = 'alice'): Promise<void> {
    const { calls, service } = this.main;
    const { key } = await calls['clusters.add']({ address: this.cluster.address }, uncancelled);
    this.key = await logInAs(service, key, this.cluster.user(name));
  }

  async logout(): Promise<void> {
    await this.main.calls['clusters.logout']({ key: this.key }, uncancelled);
  }

  /** The session host's part, new as after a restart of the app. */
  async startConnections(): Promise<void> {
    const [near, far] = portPair();
    const { service } = this.main;
    const calls = {
      ...service.tickets,
      'ticket.ssh': (...given: Parameters<(typeof service.tickets)['ticket.ssh']>) => {
        this.sshTickets++;
        return service.tickets['ticket.ssh'](...given);
      },
      'ticket.gateway': async (...given: Parameters<(typeof service.tickets)['ticket.gateway']>) => {
        const ticket = await service.tickets['ticket.gateway'](...given);
        this.tickets.push(ticket);
        return ticket;
      },
      'session.opened': (use: unknown) => this.#used(use),
      'transfer.started': () => null,
      'background.report': () => null,
    };
    this.#stopServing = serve(
      ticketContract,
      far,
      { calls, streams: {}, topics: service.ticketTopics },
      { refused: console.error, failed: console.error },
    );
    const tickets = new Client(ticketContract, near);
    this.#access = new AccessWatch(tickets);
    this.connections = new ConnectionService({
      tickets,
      access: this.#access,
      folder: join(this.main.folder, 'connections'),
      borrow: async (target, signal) => this.#ssh.borrow(await tickets.call('ticket.ssh', target), { signal, progress: () => {} }),
      background: noBackground,
      env: this.#env,
      now: this.#now,
    });
    await this.connections.start();
  }

  async stopConnections(): Promise<void> {
    await this.connections.close();
    this.#access.close();
    this.#stopServing();
  }

  async open(target: Record<string, unknown>, more: Partial<OpenConnection> = {}): Promise<ConnectionRow> {
    const full = target['kind'] === 'forward' ? target : { cluster: this.key, leaf: '', ...target };
    const { id } = await this.connections.calls['connections.open'](
      { target: full, origin: 'resource_table', port: null, ...more } as never,
      uncancelled,
    );
    return this.row(id);
  }

  #used(use: unknown): null {
    this.uses.push(use);
    return null;
  }

  row(id: string): ConnectionRow {
    const row = this.connections.topic.get().rows[id];
    if (!row) throw new AppError('not-found', 'no such row');
    return row;
  }

  /** Waits until a row is as wanted. */
  async until(id: string, wanted: (row: ConnectionRow) => unknown, ms = 6000): Promise<ConnectionRow> {
    for (const end = performance.now() + ms; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const row = this.row(id);
      if (wanted(row)) return row;
      if (performance.now() > end) throw new Error(`the row never came to be as wanted: ${JSON.stringify(row)}`);
    }
  }

  async close(): Promise<void> {
    await this.stopConnections();
    this.#ssh.close();
    (await this.#dialer).close();
    await this.main.close();
    await this.cluster.close();
  }
}

export interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a program to its end, or for as long as is given. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  { input = '', ms = 20_000 } = {},
): Promise<Outcome> {
  const child = spawn(program, [...args], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, out, err };
}
