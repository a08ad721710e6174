import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { serverLog } from '../../electron/app/diagnostics/log.ts';
import { homeFolders } from '../../electron/app/home-folders.ts';
import { answerTo } from '../../electron/clusters/testing/log-in.ts';
import { type GatewayTicket, type SshTicket, ticketContract } from '../../electron/host-contract/ticket.ts';
import { startMain } from '../../electron/hosts/start-main.ts';
import { createSessionHost } from '../../electron/session-host/session-host.ts';
import { type MainContract, mainContract, type SessionHostContract, sessionHostContract } from '../../shared/contract/index.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { serve, Topic } from '../../shared/ipc/server.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import type { GatewayTarget } from '../../shared/model/gateway.ts';
import { startClusterProcess } from '../e2e/app.ts';
import { OpenSsh } from './open-ssh.ts';

/** What the embedded cluster prints when it is ready, as far as benchmarks need it. */
export interface ClusterFacts {
  address: string;
  name: string;
  fingerprint: string;
  users: { name: string; password: string; logins: string[]; totpSecret: string }[];
  nodes: { uuid: string; hostname: string; cluster: string; subKind: 'teleport' | 'openssh' }[];
  leaf: string | null;
  control: string;
}

export interface BenchSetup {
  cluster: ClusterFacts;
  /** A folder that is gone after `close`; the services' data is in it. */
  home: string;
  /** The login of alice. */
  key: ClusterKey;
  /** The page's two ends, through the same contract and checks as in the app. */
  main: Client<MainContract>;
  sessions: Client<SessionHostContract>;
  target(hostname: string): SshTarget;
  ticket(hostname: string): Promise<SshTicket>;
  /** What a gateway to this target would hold. */
  gateway(target: GatewayTarget): Promise<GatewayTicket>;
  /** OpenSSH's own programs on the same way to a server. */
  openSsh(hostname: string): Promise<OpenSsh>;
  close(): Promise<void>;
}

/**
 * The embedded cluster as a process of its own, with `clusterArgs` as `test/cluster/main.ts` takes them, and the app's services and session
 * host in this process on a new home, with alice logged in by password and code.
 */
export async function startBench(clusterArgs: readonly string[] = []): Promise<BenchSetup> {
  const home = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  const closers: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })];
  const close = async () => {
    for (let closer = closers.pop(); closer; closer = closers.pop()) await closer();
  };
  try {
    const cluster = await startClusterProcess<ClusterFacts>(['--no-collector', ...clusterArgs]);
    closers.push(() => cluster.close());
    const { main, sessions, tickets } = startServices(home, closers);
    const key = await logIn(main, cluster.facts, 'alice');
    const target = (hostname: string): SshTarget => {
      const node = cluster.facts.nodes.find((candidate) => candidate.hostname === hostname);
      if (!node) throw new Error(`the cluster has no ${hostname}${hostname === 'demo-openssh' ? ': sshd is not installed' : ''}`);
      const login = cluster.facts.users.find(({ name }) => name === 'alice')!.logins[0]!;
      return { cluster: key, leaf: node.cluster === cluster.facts.name ? '' : node.cluster, node: node.uuid, hostname, login };
    };
    const ticket = (hostname: string) => tickets.call('ticket.ssh', target(hostname));
    const gateway = (wanted: GatewayTarget) => tickets.call('ticket.gateway', wanted);
    const openSsh = async (hostname: string) => new OpenSsh(mkdtempSync(join(home, 'openssh-')), await ticket(hostname), cluster.facts.name);
    return { cluster: cluster.facts, home, key, main, sessions, target, ticket, gateway, openSsh, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The app's services and session host on a data folder, with what ends them in `closers`. */
export function startServices(home: string, closers: (() => unknown)[]) {
  const running = startMain({
    folders: homeFolders(home, { SLIPWAY_TSH_HOME: join(home, 'tsh') }),
    managedPath: join(home, 'managed.json'),
    facilities: {
      host: 'browser',
      version: 'bench',
      electron: '',
      screenReader: new Topic(false),
      command: [],
      openFolder: async () => {},
      openEditor: async () => {},
      chooseFolder: async () => null,
      dragOut: async () => {},
      focusApp: () => {},
      openLink: async () => {},
    },
    connect: null,
    defaultCollector: '',
  });
  closers.push(() => running.services.close());
  const ticketClient = () => {
    const [near, far] = portPair();
    running.serveTickets(far);
    return new Client(ticketContract, near);
  };
  const host = createSessionHost({ tickets: ticketClient(), log: running.log, folder: home });
  closers.push(() => host.close());
  const [mainNear, mainFar] = portPair();
  running.serveMain(mainFar);
  const [sessionNear, sessionFar] = portPair();
  serve(sessionHostContract, sessionFar, host.handlers, serverLog(running.log));
  return { main: new Client(mainContract, mainNear), sessions: new Client(sessionHostContract, sessionNear), tickets: ticketClient() };
}

interface LoginFacts {
  readonly address: string;
  readonly fingerprint: string;
  readonly users: readonly { name: string; password: string; totpSecret: string }[];
}

/** By password and code; the cluster's certificate is trusted. */
export async function logIn(main: Client<MainContract>, facts: LoginFacts, name: string): Promise<ClusterKey> {
  const person = facts.users.find((user) => user.name === name)!;
  await main.call('clusters.trust', { address: facts.address, fingerprint: facts.fingerprint });
  const { key } = await main.call('clusters.add', { address: facts.address });
  const answers = { name, password: person.password, totp: () => new TOTP({ secret: person.totpSecret }).generate() };
  return new Promise((resolve, reject) => {
    const stream = main.open(
      'clusters.login',
      { key },
      {
        data: () => {},
        message: (step) => {
          if (step.step === 'done') resolve(step.key);
          else stream.send(answerTo(step, answers));
        },
        end: (error) => error && reject(error),
      },
    );
  });
}
