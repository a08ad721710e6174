import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { authMethods } from './auth/auth-service.ts';
import { GrpcServer } from './auth/grpc-server.ts';
import { HttpApi } from './auth/http-api.ts';
import { kubeMethods } from './auth/kube-methods.ts';
import type { FaultBox } from './faults.ts';
import type { GatewayServices } from './gateways/gateway-services.ts';
import { createAuthority, createWebCertificate, issueHostCertificate, type TlsIdentity } from './pki/x509.ts';
import type { ClusterState } from './state/cluster-state.ts';
import { AlpnRouter } from './tls/alpn-router.ts';
import type { ClientHello } from './tls/client-hello.ts';
import { rawStream } from './tls/tls-alert.ts';
import { type Peer, TlsListener } from './tls/tls-listener.ts';
import { TransportService } from './transport/transport-service.ts';
import { Login } from './web/login.ts';
import { type ConnectorSpec, SingleSignOn } from './web/single-sign-on.ts';
import { WebApi } from './web/web-api.ts';

const databases = [
  'postgres',
  'mysql',
  'mongodb',
  'oracle',
  'redis',
  'sqlserver',
  'snowflake',
  'cassandra',
  'elasticsearch',
  'opensearch',
  'dynamodb',
  'clickhouse',
  'spanner',
];
const tunnels = [...databases, 'tcp', 'mcp'].map((name) => `teleport-${name}`);
const webProtocols = [
  ...tunnels.map((name) => `${name}-ping`),
  'http/1.1',
  'h2',
  ...tunnels,
  'teleport-app-https-ping',
  'teleport-reversetunnel',
  'teleport-reversetunnelv2',
  'teleport-proxy-grpc',
];
const hex = (name: string) => Buffer.from(name).toString('hex');

export interface ProxyOptions {
  readonly root: ClusterState;
  readonly host: string;
  readonly port: number;
  readonly version: string;
  readonly tlsRouting: boolean;
  readonly secondFactor: 'otp' | 'off';
  readonly motd: string;
  readonly connectors: readonly ConnectorSpec[];
  readonly sessionTtl: number;
  readonly rateLimit: boolean;
  readonly faults: FaultBox;
  /** Databases, apps and Kubernetes behind the web port, if there are any. */
  readonly gateways: GatewayServices | null;
}

/**
 * The cluster's listeners: the web port with its routes by ALPN and SNI (login-and-auth §4.1) and, without TLS routing, a second
 * port for SSH.
 */
export class TeleportProxy {
  readonly #options: ProxyOptions;
  readonly #web: WebApi;
  readonly #transport: TransportService;
  readonly #auth = new Map<string, { server: GrpcServer; listener: TlsListener }>();
  readonly #webTls: TlsListener;
  readonly #hostTls: TlsListener;
  readonly #kubeTls: TlsListener;
  readonly #transportTls: TlsListener;
  readonly #services: GrpcServer;
  readonly #servicesTls: TlsListener;
  readonly #routers: AlpnRouter[] = [];
  /** The ALPN names that clients offered; some carry more than a protocol. */
  readonly #offered = new WeakMap<Duplex, readonly string[]>();
  readonly webCertificate: TlsIdentity & { fingerprint: string };
  port = 0;
  sshPort = 0;
  kubePort = 0;

  private constructor(
    options: ProxyOptions,
    certificates: { web: TlsIdentity & { fingerprint: string }; proxy: TlsIdentity; auth: ReadonlyMap<ClusterState, TlsIdentity>; wrong: string },
  ) {
    const { root, faults, version, motd, secondFactor, sessionTtl } = options;
    this.#options = options;
    this.webCertificate = certificates.web;
    const major = Number.parseInt(version, 10);
    const now = root.now;
    const defaultTtl = Math.min(12 * 3600_000, sessionTtl);
    const longest = () => Math.min(sessionTtl, faults.current.expire ?? Number.POSITIVE_INFINITY);
    const address = () => `${options.host}:${this.port}`;
    const client = { ca: root.authorities.user.pem, serverName: `${hex(root.name)}.teleport.cluster.local` };
    const login = new Login(root, {
      version,
      secondFactor,
      defaultTtl,
      longest,
      wrongHostCa: () => (faults.current.lie === 'host-ca' ? { line: root.authorities.openssh.line, pem: certificates.wrong } : null),
    });
    const sso = new SingleSignOn(root, login, { version, connectors: options.connectors, address });
    this.#web = new WebApi({
      cluster: root,
      login,
      sso,
      faults,
      rateLimit: options.rateLimit,
      acceptStream: (stream) => this.#routers[0]?.accept(stream),
      facts: {
        version,
        motd,
        connectors: options.connectors,
        secondFactor,
        defaultTtl,
        tlsRouting: options.tlsRouting,
        address,
        sshAddress: () => `${options.host}:${this.sshPort}`,
        kubeAddress: () => `${options.host}:${options.tlsRouting ? this.port : this.kubePort}`,
      },
    });
    this.#webTls = new TlsListener({
      identity: certificates.web,
      protocols: webProtocols,
      ...(options.gateways ? { client: { ...client, required: false } } : {}),
      now,
      onConnection: (socket, peer) => this.#onWeb(socket, peer),
    });
    this.#kubeTls = new TlsListener({
      identity: certificates.proxy,
      protocols: ['http/1.1'],
      client: { ca: client.ca, required: true, serverName: 'kube-teleport-proxy-alpn.teleport.cluster.local' },
      now,
      onConnection: (socket, peer) => (options.gateways ? options.gateways.kube.serve(socket, peer as Peer) : endSoon(socket)),
    });
    this.#hostTls = new TlsListener({
      identity: certificates.proxy,
      protocols: ['teleport-proxy-ssh', 'http/1.1', 'h2'],
      now,
      onConnection: endSoon,
    });
    this.#transport = new TransportService({ root, faults, acceptAuth: (name, stream) => this.#acceptAuth(name || root.name, stream) });
    this.#transportTls = new TlsListener({
      identity: certificates.proxy,
      protocols: ['h2'],
      client: { ...client, required: true },
      now,
      onConnection: (socket, peer) => this.#transport.accept(socket, peer as Peer),
    });
    this.#services = new GrpcServer(root, kubeMethods(version), version, faults);
    this.#servicesTls = new TlsListener({
      identity: certificates.proxy,
      protocols: ['h2'],
      client: { ...client, required: true },
      now,
      onConnection: (socket, peer) => this.#services.accept(socket, peer),
    });
    for (const [cluster, identity] of certificates.auth) {
      const server = new GrpcServer(cluster, authMethods({ version, motd, secondFactor, defaultTtl, longest, address }), version, faults);
      const http = new HttpApi(cluster, version);
      const listener = new TlsListener({
        identity,
        protocols: major < 19 ? ['h2', 'http/1.1'] : ['h2'],
        client: { ...client, required: false },
        now,
        onConnection: (socket, peer) => (socket.alpnProtocol === 'http/1.1' ? http : server).accept(socket, peer),
      });
      this.#auth.set(cluster.name, { server, listener });
    }
  }

  static async start(options: ProxyOptions): Promise<TeleportProxy> {
    const { root, host } = options;
    const internal = ['*.teleport.cluster.local', 'teleport.cluster.local'];
    const local = [...new Set(['localhost', host, '127.0.0.1', '::1'])];
    const clusters = [root, ...root.leaves];
    const [web, proxy, wrong, ...auth] = await Promise.all([
      createWebCertificate(local),
      issueHostCertificate(root.authorities.host, {
        uuid: root.proxyUuid,
        cluster: root.name,
        role: 'Proxy',
        names: ['proxy', 'remote.kube.proxy.teleport.cluster.local', ...internal, ...local, '*.localhost'],
      }),
      createAuthority(root.name),
      ...clusters.map((cluster) =>
        issueHostCertificate(cluster.authorities.host, {
          uuid: cluster.proxyUuid,
          cluster: cluster.name,
          role: 'Admin',
          names: ['auth', `auth.${cluster.name}`, ...internal],
        }),
      ),
    ]);
    const running = new TeleportProxy(options, {
      web,
      proxy,
      wrong: wrong.pem,
      auth: new Map(clusters.map((cluster, index) => [cluster, auth[index]!])),
    });
    await running.#listen();
    return running;
  }

  async #listen(): Promise<void> {
    const { tlsRouting, host, port } = this.#options;
    const front = new AlpnRouter((hello) => (tlsRouting ? this.#route(hello) : this.#webOnly()));
    this.#routers.push(front);
    this.port = await front.listen(host, port);
    if (tlsRouting) return;
    const ssh = new AlpnRouter((hello) =>
      hello.protocols.includes('teleport-proxy-ssh-grpc') ? (stream) => this.#transportTls.accept(stream) : null,
    );
    this.#routers.push(ssh);
    this.sshPort = await ssh.listen(host, 0);
    const kube = new AlpnRouter(() => (stream) => (this.#options.gateways ? this.#kubeTls : this.#hostTls).accept(stream));
    this.#routers.push(kube);
    this.kubePort = await kube.listen(host, 0);
  }

  /** Cuts all connections; the ports stay open. */
  dropConnections(): void {
    for (const router of this.#routers) router.dropAll();
  }

  /**
   * Ends all connections and stops listening, as when the proxy is restarted. Returns the function that listens again on the same
   * ports.
   */
  async goDown(): Promise<() => Promise<void>> {
    await Promise.all(this.#routers.map((router) => router.close()));
    const ports = [this.port, this.sshPort, this.kubePort];
    return async () => {
      await Promise.all(this.#routers.map((router, index) => router.listen(this.#options.host, ports[index]!)));
    };
  }

  async close(): Promise<void> {
    this.#web.close();
    this.#transport.close();
    this.#services.close();
    for (const { server } of this.#auth.values()) server.close();
    await Promise.all(this.#routers.map((router) => router.close()));
  }

  #route(hello: ClientHello): ((stream: Duplex) => void) | null {
    if (hello.serverName.startsWith('kube-teleport-proxy-alpn.')) {
      return (stream) => (this.#options.gateways ? this.#kubeTls : this.#hostTls).accept(stream);
    }
    for (const protocol of hello.protocols) {
      const auth = /^teleport-auth@([0-9a-f]+)\.teleport\.cluster\.local$/.exec(protocol);
      if (auth) {
        const name = Buffer.from(auth[1]!, 'hex').toString('utf8');
        return this.#auth.has(name) ? (stream) => this.#acceptAuth(name, stream) : null;
      }
      if (protocol === 'teleport-proxy-ssh-grpc') return (stream) => this.#transportTls.accept(stream);
      if (protocol === 'teleport-proxy-grpc-mtls') return (stream) => this.#servicesTls.accept(stream);
      if (protocol === 'teleport-proxy-ssh') return (stream) => this.#hostTls.accept(stream);
      if (webProtocols.includes(protocol) || protocol.startsWith('teleport-mysql-')) {
        return (stream) => {
          this.#offered.set(stream, hello.protocols);
          this.#webTls.accept(stream);
        };
      }
    }
    return hello.protocols.length === 0 ? this.#webOnly() : null;
  }

  #webOnly(): (stream: Duplex) => void {
    return (stream) => this.#webTls.accept(stream);
  }

  #acceptAuth(name: string, stream: Duplex): boolean {
    const found = this.#auth.get(name);
    found?.listener.accept(stream);
    return found !== undefined;
  }

  #onWeb(socket: tls.TLSSocket, peer: Peer | null): void {
    if (peer && this.#options.gateways?.serve(socket, peer, this.#offered.get(rawStream(socket)) ?? [])) return;
    if (!socket.alpnProtocol || socket.alpnProtocol === 'http/1.1' || socket.alpnProtocol === 'h2') this.#web.accept(socket);
    else endSoon(socket);
  }
}

/** For routes whose service is not there yet: the handshake succeeds, then the connection ends. */
function endSoon(socket: tls.TLSSocket): void {
  socket.resume();
  socket.setTimeout(2000, () => socket.destroy());
}
