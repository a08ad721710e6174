import tls from 'node:tls';
import { have } from '../../support/have.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { appEntry, databaseEntry, kubeEntry } from '../state/entries.ts';
import type { Entry } from '../state/inventory.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { AppRoute } from './app-route.ts';
import { ClientCertificates } from './client-certificates.ts';
import { join, openTunnel } from './framed-tunnel.ts';
import { KubeApi } from './kube-api.ts';
import { serveMysql } from './mysql-route.ts';
import { MysqlServer } from './mysql-server.ts';
import { servePostgres } from './postgres-route.ts';
import { PostgresServer, postgresPrograms } from './postgres-server.ts';
import { RedisServer } from './redis-server.ts';

const labels = { env: 'dev', team: 'platform', real: 'yes' };

interface Server {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Databases, apps and a Kubernetes cluster that really work, behind the proxy's routes. Database servers are started when they are
 * first used.
 */
export class GatewayServices {
  readonly #cluster: ClusterState;
  readonly #certificates: ClientCertificates;
  readonly #servers = new Map<string, Promise<Server>>();
  readonly #apps: AppRoute;
  readonly kube = new KubeApi();

  constructor(cluster: ClusterState) {
    this.#cluster = cluster;
    this.#certificates = new ClientCertificates(cluster);
    const address = (name: string) => `${name}.${cluster.name}`;
    this.#apps = new AppRoute(['echo-web', 'mcp-demo'].map(address));
    const app = (name: string, uri: string) => appEntry(name, labels, uri, address(name), 'demo-agent', 'Really there');
    const database = (name: string, protocol: string) =>
      databaseEntry(name, labels, protocol, `${protocol}.internal:1`, 'demo-agent', 'Really there');
    cluster.inventory.add([
      ...(postgresPrograms() ? [database('shop-postgres', 'postgres')] : []),
      ...(have('redis-server') ? [database('cache-redis', 'redis')] : []),
      ...(MysqlServer.isInstalled() ? [withMysqlVersion(database('ledger-mysql', 'mysql'), '8.0.36-ledger')] : []),
      database('echo-mongo', 'mongodb'),
      database('echo-search', 'elasticsearch'),
      app('echo-web', 'http://echo.internal:8080'),
      app('mcp-demo', 'mcp+http://mcp.internal:9000/mcp'),
      app('echo-tcp', 'tcp://echo.internal:7000'),
      withPorts(app('many-ports', 'tcp://echo.internal'), [
        { Port: 7001, EndPort: 0 },
        { Port: 7002, EndPort: 7004 },
      ]),
      kubeEntry('demo-kube', labels, 'demo-agent'),
    ]);
  }

  /** A connection on the web port whose certificate names a database or an app; false for any other. */
  serve(socket: tls.TLSSocket, peer: Peer, offered: readonly string[]): boolean {
    const { identity } = peer;
    if (identity.dbService) void this.#database(socket, peer, offered).catch(() => socket.destroy());
    else if (identity.appName) this.#app(socket, peer);
    else return false;
    return true;
  }

  /** Ends a server with its connections; the next connection starts a new one. */
  async stop(name: string): Promise<void> {
    const server = this.#servers.get(name);
    this.#servers.delete(name);
    await (await server)?.close();
  }

  /** Port of a server behind a database, past the proxy; for comparisons. */
  async portOf(name: 'postgres' | 'redis' | 'mysql'): Promise<number> {
    return (await this.#server(name)).port;
  }

  async close(): Promise<void> {
    this.#apps.close();
    this.kube.close();
    await Promise.all([...this.#servers.keys()].map((name) => this.stop(name)));
  }

  async #database(socket: tls.TLSSocket, { identity }: Peer, offered: readonly string[]): Promise<void> {
    const entry = this.#cluster.inventory.byName.find(({ kind, id }) => kind === 'db' && id === identity.dbService);
    // Unknown services and certificates without a protocol end in a plain close (ssh-and-gateways §5.5).
    if (!entry || identity.dbProtocol === '' || !(entry.labels['real'] === 'yes')) return void socket.end();
    switch (entry.id) {
      case 'shop-postgres':
        return servePostgres(
          socket,
          this.#cluster,
          this.#certificates,
          async () => ({ port: await this.portOf('postgres'), users: identity.dbUsers }),
          identity,
        );
      case 'ledger-mysql':
        return serveMysql(
          socket,
          this.#cluster,
          this.#certificates,
          async () => ({ port: await this.portOf('mysql'), users: identity.dbUsers }),
          offered,
        );
      case 'cache-redis': {
        const ca = (await this.#cluster.authorities.db()).pem;
        const upstream = tls.connect({
          host: '127.0.0.1',
          port: await this.portOf('redis'),
          ca,
          servername: 'localhost',
          ...(await this.#certificates.of(identity.dbUser)),
        });
        return join(openTunnel(socket), upstream);
      }
      default:
        return identity.dbProtocol === 'elasticsearch' ? this.#apps.accept(socket) : echo(socket, '');
    }
  }

  #app(socket: tls.TLSSocket, peer: Peer): void {
    const { appName, appTargetPort, appSession } = peer.identity;
    const isSession = this.#cluster.appSessions.has(appSession);
    if (appName === 'echo-web' || appName === 'mcp-demo') return this.#apps.serve(socket, peer, isSession);
    if (!isSession) return void socket.end();
    if (appName === 'echo-tcp') return echo(socket, '');
    if (appName !== 'many-ports') return void socket.end();
    const port = Number(appTargetPort || 7001);
    if (port < 7001 || port > 7004) return void socket.end();
    echo(socket, `port ${port}\n`);
  }

  #server(name: 'postgres' | 'redis' | 'mysql'): Promise<Server> {
    let server = this.#servers.get(name);
    if (!server) {
      const kind = { postgres: PostgresServer, redis: RedisServer, mysql: MysqlServer }[name];
      // A folder of its own: the server may run as another user, who may not look into the cluster's.
      server = tempFolder(`slipway-${name}-`).then(async (folder) => {
        const running = await kind.start(this.#cluster, folder.path).catch(async (error) => {
          await folder.remove();
          throw error;
        });
        return { port: running.port, close: () => running.close().then(() => folder.remove()) };
      });
      this.#servers.set(name, server);
      server.catch(() => this.#servers.delete(name));
    }
    return server;
  }
}

/** Sends a greeting, then everything that it receives. */
function echo(socket: tls.TLSSocket, greeting: string): void {
  const tunnel = openTunnel(socket);
  if (greeting) tunnel.write(Buffer.from(greeting));
  tunnel.onData((bytes) => {
    if (!tunnel.write(Buffer.from(bytes))) tunnel.pause();
  });
  tunnel.onDrain(() => tunnel.resume());
  tunnel.onClose(() => tunnel.end());
}

function withPorts(entry: Entry, ports: { Port: number; EndPort: number }[]): Entry {
  const server = structuredClone(entry.message.AppServer!);
  server.Spec!.App!.Spec!.TCPPorts = ports;
  return { ...entry, message: { AppServer: server } };
}

function withMysqlVersion(entry: Entry, version: string): Entry {
  const server = structuredClone(entry.message.DatabaseServer!);
  server.Spec!.Database!.Status = { MySQL: { ServerVersion: version } };
  return { ...entry, message: { DatabaseServer: server } };
}
