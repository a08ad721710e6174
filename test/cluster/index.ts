/*
 * A cluster that speaks Teleport's wire, for tests, demos and development. `startCluster` makes a `ClusterState` for the root and
 * one for a leaf (`state/`: users, roles, resources, access requests), their authorities (`pki/`) and the listeners:
 * `TeleportProxy` reads each ClientHello (`tls/`) and hands the connection to the web API (`web/`), the auth service (`auth/`),
 * TransportService (`transport/`) or a gateway (`gateways/`); SSH ends at the servers in `nodes/`.
 * `serverVersion` chooses which Teleport from 14 to 19 it behaves like, and `faults.ts` makes it misbehave.
 */
import { join } from 'node:path';
import { have } from '../support/have.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { FaultBox, type Faults } from './faults.ts';
import { GatewayServices } from './gateways/gateway-services.ts';
import { AgentlessHop } from './nodes/agentless-hop.ts';
import { OpenSshNode } from './nodes/openssh-node.ts';
import { SshNode } from './nodes/ssh-node.ts';
import { type ClusterOptions, defaultUsers } from './options.ts';
import { ClusterState } from './state/cluster-state.ts';
import { demoResources, hostileResources, uuid } from './state/demo-resources.ts';
import { nodeEntry } from './state/entries.ts';
import { Inventory } from './state/inventory.ts';
import { demoAccessLists, requestRoles } from './state/request-people.ts';
import { defaultRoles } from './state/roles.ts';
import { seedRequests } from './state/seed-requests.ts';
import { UserAccount } from './state/users.ts';
import { TeleportProxy } from './teleport-proxy.ts';

export type { Faults } from './faults.ts';
export type { ClusterOptions, UserSpec } from './options.ts';
export { localLogin } from './options.ts';

export interface ClusterNode {
  readonly uuid: string;
  readonly hostname: string;
  readonly cluster: string;
  readonly subKind: 'teleport' | 'openssh';
  readonly address: { host: string; port: number };
  /** Takes it off the network; it stays listed. */
  stop(): Promise<void>;
}

export interface ClusterUser {
  readonly name: string;
  readonly password: string;
  readonly logins: readonly string[];
  readonly totpSecret: string;
  readonly totpUrl: string;
  /** A code that will be accepted now. */
  totp(): string;
  /** An administrator's lock with this message, or null to lift it together with a lockout. */
  lock(message: string | null): void;
}

export interface EmbeddedCluster {
  readonly name: string;
  readonly version: string;
  /** host:port of the web listener, and of the SSH proxy where TLS routing is off. */
  readonly address: string;
  readonly host: string;
  readonly port: number;
  readonly sshAddress: string | null;
  /** The self-signed web certificate, and its SHA-256 as `AA:BB:…`. */
  readonly webCaPem: string;
  readonly fingerprint: string;
  readonly users: readonly ClusterUser[];
  /** Servers that can really be entered, the leaf's among them. */
  readonly nodes: readonly ClusterNode[];
  readonly leaf: string | null;
  /** Why there is no agentless node; null when there is one, or none was wanted. */
  readonly agentlessProblem: string | null;
  /** Databases, apps and Kubernetes, where they were wanted. */
  readonly gateways: GatewayServices | null;
  readonly root: ClusterState;
  /** Where its files are until `close`. */
  readonly folder: string;
  user(name: string): ClusterUser;
  /** Replaces the current faults; `{}` is good behaviour. */
  setFaults(faults: Faults): void;
  /** Cuts all connections to the proxy; its ports stay open. */
  dropConnections(): void;
  /** Stops the proxy; the function that comes back starts it again on its ports. */
  goDown(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/**
 * Starts a Teleport-speaking cluster on loopback (docs/architecture/embedded-cluster.md). Its state is in memory and in a temporary folder, gone after `close`.
 *
 * It still differs from real clusters in these points: `ping` has no rate limit of its own (14: 120 a minute, 480 at once); a path below `resource.` that
 * one kind lacks matches nothing, where 14 fails the whole list; no version serves GenerateUserSingleUseCerts, which 14 and 15 do; it knows no
 * passwordless logins, so it refuses none.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
  const now = options.now ?? Date.now;
  const version = options.serverVersion ?? '19.0.0';
  const name = options.name ?? 'slipway.test';
  const host = options.host ?? '127.0.0.1';
  const faults = new FaultBox();
  const roles = [...defaultRoles, ...requestRoles, ...(options.roles ?? [])];
  const accounts = [...defaultUsers, ...(options.users ?? [])].map((spec) => new UserAccount(spec, name, version, now));
  const listed = options.resources ?? 300;
  const root = await ClusterState.create({
    name,
    users: accounts,
    roles,
    trusts: null,
    now,
    edition: options.edition ?? 'ent',
    showResources: options.showResources ?? '',
    accessLists: demoAccessLists,
    inventory: new Inventory([...demoResources(name, listed, version), ...(options.hostileNames ? hostileResources(version) : [])]),
  });
  const leaf =
    options.leaf === false
      ? null
      : await ClusterState.create({
          name: 'leaf',
          users: [],
          roles,
          trusts: root,
          now,
          inventory: new Inventory(demoResources('leaf', Math.min(listed, 20), version)),
        });
  if (options.accessRequests) seedRequests(root, options.accessRequests);
  const folder = await tempFolder('slipway-cluster-');
  const closers: (() => Promise<void>)[] = [() => folder.remove()];
  const nodes: ClusterNode[] = [];
  let agentlessProblem: string | null = have('sshd') ? null : 'sshd is not installed';

  const addNode = (
    cluster: ClusterState,
    hostname: string,
    subKind: ClusterNode['subKind'],
    labels: Record<string, string>,
    running: SshNode | OpenSshNode | AgentlessHop,
  ) => {
    const id = uuid(cluster.name, hostname);
    cluster.inventory.add([nodeEntry({ uuid: id, hostname, labels, subKind, address: running.address }, version)]);
    let stopped: Promise<void> | null = null;
    const stop = () => (stopped ??= running.close());
    closers.unshift(stop);
    nodes.push({ uuid: id, hostname, cluster: cluster.name, subKind, address: running.address, stop });
  };

  try {
    for (const cluster of leaf ? [root, leaf] : [root]) {
      const hostname = cluster === root ? (options.serverName ?? 'demo-server') : 'leaf-server';
      const labels = { env: 'dev', team: 'platform', real: 'yes' };
      const id = uuid(cluster.name, hostname);
      addNode(
        cluster,
        hostname,
        'teleport',
        labels,
        await SshNode.start({ cluster, uuid: id, hostname, labels, version, keepAlive: options.keepAlive ?? 300_000, faults }),
      );
    }
    const sshd = options.sshd === false ? null : have('sshd');
    for (const hostname of sshd ? ['demo-openssh', 'old-openssh'] : []) {
      const folderOf = join(folder.path, hostname);
      const labels = { env: 'dev', team: 'platform', real: 'yes' };
      const node = { cluster: root, uuid: uuid(root.name, hostname), hostname, labels };
      const userCa = root.authorities[options.agentlessHop ? 'openssh' : 'userSsh'];
      const starting = OpenSshNode.start({ ...node, sshd: sshd!, userCa, folder: folderOf });
      const running = await starting.catch((error: Error) => {
        agentlessProblem = error.message;
        return null;
      });
      if (running) addNode(root, hostname, 'openssh', labels, options.agentlessHop ? await AgentlessHop.start({ ...node, sshd: running }) : running);
    }
    const gateways = options.gateways ? new GatewayServices(root) : null;
    if (gateways) closers.unshift(() => gateways.close());
    const proxy = await TeleportProxy.start({
      root,
      host,
      port: options.port ?? 0,
      version,
      tlsRouting: options.tlsRouting ?? true,
      secondFactor: options.secondFactor ?? 'otp',
      motd: options.motd ?? '',
      connectors: options.connectors ?? [],
      sessionTtl: options.sessionTtl ?? 30 * 3600_000,
      rateLimit: options.rateLimit ?? false,
      faults,
      gateways,
    });
    closers.unshift(() => proxy.close());
    const users = accounts.map((account) => userOf(account, root));
    const byName = new Map(users.map((user) => [user.name, user]));
    return {
      name,
      version,
      host,
      users,
      nodes,
      root,
      port: proxy.port,
      address: `${host}:${proxy.port}`,
      sshAddress: proxy.sshPort ? `${host}:${proxy.sshPort}` : null,
      webCaPem: proxy.webCertificate.cert,
      fingerprint: proxy.webCertificate.fingerprint,
      leaf: leaf?.name ?? null,
      agentlessProblem,
      gateways,
      folder: folder.path,
      user: (wanted) => {
        const found = byName.get(wanted);
        if (!found) throw new Error(`the cluster has no user ${wanted}`);
        return found;
      },
      setFaults: (next) => faults.set(next),
      dropConnections: () => proxy.dropConnections(),
      goDown: () => proxy.goDown(),
      close: () => closeAll(closers),
    };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function closeAll(closers: (() => Promise<void>)[]): Promise<void> {
  for (let closer = closers.shift(); closer; closer = closers.shift()) await closer();
}

function userOf(account: UserAccount, root: ClusterState): ClusterUser {
  return {
    name: account.name,
    password: account.spec.password,
    logins: root.identityOf(account, '').access.logins(),
    totpSecret: account.totpSecret,
    totpUrl: account.totpUrl,
    totp: () => account.totp(),
    lock: (message) => {
      if (message === null) account.unlock();
      else account.lock = message;
    },
  };
}
