import { createPrivateKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AppTarget, DatabaseTarget, GatewayTarget } from '../../../shared/model/gateway.ts';
import type { GatewayTicket } from '../../host-contract/ticket.ts';
import type { AuthClient } from '../../teleport/auth/auth-client.ts';
import type { AppFacts, CertificateTarget, DatabaseFacts } from '../../teleport/auth/target-api.ts';
import { routeOf } from '../auth-clients.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { ClusterRegistry } from '../cluster-registry.ts';
import { sessionProofRefusal } from '../login/mfa-ceremony.ts';
import type { StoredLogin } from '../profiles/read-profiles.ts';
import type { ProxyFacts } from '../proxy-facts.ts';
import type { Wire } from '../wire.ts';
import { gatewayPlace, isKnownDatabase } from './gateway-route.ts';

export interface GatewayTicketsOptions {
  access: ClusterAccess;
  registry: ClusterRegistry;
  factsOf(address: string): ProxyFacts;
  wire: Wire;
}

const timeoutMs = 20_000;
/** What cannot be found on a path that the proxy makes out of the cluster's and the target's name. */
type Found = { target: CertificateTarget; protocol: string; targetPorts: GatewayTicket['targetPorts']; place: ReturnType<typeof gatewayPlace> };

/** Certificates for databases, apps and Kubernetes clusters, each for one target, with a key that nobody else has. */
export class GatewayTickets {
  readonly #options: GatewayTicketsOptions;

  constructor(options: GatewayTicketsOptions) {
    this.#options = options;
  }

  /** `not-found` when it is not there; `session-mfa` when it wants a proof of the second factor; `expired` when only a login helps. */
  async ticket(wanted: GatewayTarget): Promise<GatewayTicket> {
    const { access, registry, wire } = this.#options;
    const login = await access.login(wanted.cluster);
    const signal = AbortSignal.timeout(timeoutMs);
    const owner = wanted.leaf || login.cluster;
    const root = await routeOf(login, '', this.#options.factsOf(login.address));
    const usesRsa = wanted.kind === 'database' || createPrivateKey(login.credentials.tlsKey).asymmetricKeyType === 'rsa';
    const making = wire.generateTargetKey(usesRsa ? 'rsa' : 'p256');
    making.catch(() => {}); // awaited below, unless the cluster refuses first
    const found = await access.ask(wanted.cluster, wanted.leaf, async (client) => {
      const known = await this.#find(wanted, login, root, client, signal);
      if (await client.targets.isMfaRequired(known.target, owner, signal)) throw sessionProofRefusal(wanted.name, 'tsh');
      return known;
    });
    const { expires, activeRequests } = registry.cluster(wanted.cluster);
    const key = await making;
    const request = { ...key, target: found.target, cluster: owner, user: login.user, expires: expires ?? 0, requests: activeRequests };
    const cert = await access.ask(wanted.cluster, '', (client) => client.targets.certificate(request, signal));
    const { expires: until } = await wire.readCertificate(cert);
    return {
      proxy: found.place.proxy,
      tls: { ...found.place.tls, cert, key: key.privateKey },
      expires: until,
      requests: activeRequests,
      protocol: found.protocol,
      owner,
      targetPorts: found.targetPorts,
    };
  }

  async #find(
    wanted: GatewayTarget,
    login: StoredLogin,
    root: Parameters<typeof gatewayPlace>[1],
    client: AuthClient,
    signal: AbortSignal,
  ): Promise<Found> {
    switch (wanted.kind) {
      case 'database': {
        const database = await client.targets.database(wanted.name, signal);
        if (!database) throw missing('database', wanted.name);
        if (!isKnownDatabase(database.protocol)) throw unknownProtocol(database);
        return {
          target: { kind: 'database', name: database.name, protocol: database.protocol, user: databaseUser(wanted, database) },
          protocol: database.protocol,
          targetPorts: [],
          place: gatewayPlace(login, root, { kind: 'database', protocol: database.protocol, mysqlVersion: database.mysqlVersion }),
        };
      }
      case 'kube': {
        if (!(await client.targets.hasKubeCluster(wanted.name, signal))) throw missing('Kubernetes cluster', wanted.name);
        return { target: { kind: 'kube', name: wanted.name }, protocol: 'kube', targetPorts: [], place: gatewayPlace(login, root, { kind: 'kube' }) };
      }
      case 'app': {
        const app = await client.targets.app(wanted.name, signal);
        if (!app) throw missing('app', wanted.name);
        const protocol = gatewayProtocol(app);
        return {
          target: { kind: 'app', name: app.name, publicAddress: app.publicAddress, uri: app.uri, targetPort: targetPort(wanted, app) },
          protocol,
          targetPorts: protocol === 'tcp' ? [...app.ports] : [],
          place: gatewayPlace(login, root, { kind: protocol === 'tcp' ? 'tcp' : 'http' }),
        };
      }
    }
  }
}

/** `http`, `tcp` or `mcp`; refuses what has no local address. */
export function gatewayProtocol({ uri, cloud }: Pick<AppFacts, 'uri' | 'cloud'>): 'http' | 'tcp' | 'mcp' {
  if (uri.startsWith('tcp://')) return 'tcp';
  if (/^mcp\+https?:\/\//.test(uri)) return 'mcp';
  if (uri.startsWith('mcp+'))
    throw new AppError('unsupported', 'This MCP server speaks over a program’s input and output. Use “tsh mcp connect” for it.');
  if (uri.startsWith('cloud://') || cloud === 'Azure' || cloud === 'GCP')
    throw new AppError('unsupported', 'This is a cloud provider’s API. Use “tsh apps login” and the provider’s own command line for it.');
  if (cloud === 'AWS' || uri.startsWith('https://console.aws.amazon.com'))
    throw new AppError('unsupported', 'The AWS console opens in the browser, as one of your roles.');
  return 'http';
}

/** Cloud SQL knows service accounts by their project (ssh-and-gateways §5.5). */
export function databaseUser({ user }: DatabaseTarget, { protocol, gcpProject }: Pick<DatabaseFacts, 'protocol' | 'gcpProject'>): string {
  if (user === '' && protocol === 'redis') return 'default';
  if (user === '') throw new AppError('invalid-argument', 'Choose a database user first.');
  return protocol === 'postgres' && gcpProject && !user.includes('@') ? `${user}@${gcpProject}.iam` : user;
}

function targetPort({ targetPort: wanted }: AppTarget, { ports }: AppFacts): number | null {
  if (ports.length === 0) return null;
  if (wanted === null) return ports[0]!.port;
  if (ports.some(({ port, endPort }) => wanted >= port && wanted <= endPort)) return wanted;
  const list = ports.map(({ port, endPort }) => (port === endPort ? `${port}` : `${port} to ${endPort}`)).join(', ');
  throw new AppError('invalid-argument', `The app has no port ${wanted}. Its ports are: ${list}.`);
}

function missing(what: string, name: string): AppError {
  return new AppError('not-found', `There is no ${what} ${name} on this cluster, or you may not use it any more.`);
}

function unknownProtocol({ name, protocol }: DatabaseFacts): AppError {
  return new AppError(
    'unsupported',
    `${name} speaks ${protocol || 'a protocol without a name'}, which this Slipway does not know. Use “tsh db connect”.`,
  );
}
