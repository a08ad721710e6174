import { createECDH, generateKeyPairSync, randomUUID } from 'node:crypto';
import net from 'node:net';
import { parsePublicKeyLine } from '../../../electron/ssh/public-key.ts';
import { createSshServer, type ServerConnection } from '../../../electron/ssh/server.ts';
import type { ServerSession } from '../../../electron/ssh/server-session.ts';
import type { FaultBox, Faults } from '../faults.ts';
import { nodePrincipals } from '../pki/openssh.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { forwardTcp } from './forward-tcp.ts';
import { hostCertificate } from './host-lies.ts';
import { mayEnter } from './may-enter.ts';
import { runSession } from './run-session.ts';

export interface SshNodeOptions {
  readonly cluster: ClusterState;
  readonly uuid: string;
  readonly hostname: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly version: string;
  readonly keepAlive: number;
  readonly faults: FaultBox;
}

/** A Teleport-like SSH node on a loopback port: certificates both ways, RBAC by roles, shells of the local user. */
export class SshNode {
  readonly #options: SshNodeOptions;
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  readonly #servers = new Map<Faults['lie'], ReturnType<typeof createSshServer>>();
  readonly #programs = new Set<() => void>();
  readonly #sizes = new Map<string, ServerSession>();
  readonly #listener: net.Server;

  private constructor(options: SshNodeOptions) {
    this.#options = options;
    this.#listener = net.createServer({ noDelay: true }, (socket) => this.#server().accept(socket));
  }

  static async start(options: SshNodeOptions): Promise<SshNode> {
    const node = new SshNode(options);
    await new Promise<void>((resolve, reject) => node.#listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    return node;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#listener.address() as net.AddressInfo).port };
  }

  async close(): Promise<void> {
    for (const stop of this.#programs) stop();
    for (const server of this.#servers.values()) server.close();
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  /** One server per kind of host certificate that was asked for so far. */
  #server(): ReturnType<typeof createSshServer> {
    const { cluster, uuid, hostname, version, faults, keepAlive } = this.#options;
    const lie = faults.current.lie;
    const known = this.#servers.get(lie);
    if (known) return known;
    const principals = nodePrincipals(uuid, hostname, cluster.name);
    const major = Number.parseInt(version, 10);
    const point = createECDH('prime256v1').generateKeys().toString('base64').replace(/=+$/, '');
    const server = createSshServer({
      hostKeys: [
        { key: this.#key, certificate: hostCertificate(cluster.authorities.hostSsh, this.#key, { cluster: cluster.name, principals }, lie) },
      ],
      userCas: () => [parsePublicKeyLine((cluster.trusts ?? cluster).authorities.userSsh.line)],
      ident: major >= 15 ? `Teleport resume-v1 ${point} ${uuid}` : 'Teleport',
      now: cluster.now,
      keepaliveInterval: keepAlive,
      authorize: (login, certificate) => mayEnter(this.#options, login, certificate),
      onSession: (session, connection) => this.#onSession(session, connection),
      onDirectTcpip: (request, { certificate }) => forwardTcp(request, certificate.extensions.has('permit-port-forwarding')),
      onGlobalRequest: (name, payload) => {
        switch (name) {
          case 'keepalive@openssh.com':
            return true;
          case 'cluster-details@goteleport.com':
            return Buffer.alloc(2);
          case 'x-teleport-version':
            return Buffer.from(version);
          case 'session-id-query@goteleport.com':
            return major >= 17;
          case 'session-id-query-v2@goteleport.com':
            return major >= 19;
          case 'x-teleport-terminal-size': {
            const pty = this.#sizes.get(payload.toString('latin1'))?.pty;
            return pty ? Buffer.from(JSON.stringify({ Height: pty.rows, Width: pty.cols })) : false;
          }
          default:
            return false;
        }
      },
    });
    this.#servers.set(lie, server);
    return server;
  }

  #onSession(session: ServerSession, connection: ServerConnection): void {
    const { cluster, uuid, version } = this.#options;
    const id = randomUUID();
    this.#sizes.set(id, session);
    session.onRequest((type, payload) => type === 'envs@goteleport.com' && takeEnvs(session, payload));
    const announce = () => session.request('current-session-id@goteleport.com', Buffer.from(id));
    const major = Number.parseInt(version, 10);
    if (major >= 19) setImmediate(announce);
    session.onStart((request, answer) => {
      if (major >= 17 && major < 19) announce();
      const peer = connection.socket as net.Socket;
      const local = this.#listener.address() as net.AddressInfo;
      runSession(session, request, answer, {
        login: connection.login,
        env: {
          SSH_TELEPORT_USER: connection.certificate.keyId,
          SSH_TELEPORT_HOST_UUID: uuid,
          SSH_TELEPORT_CLUSTER_NAME: cluster.name,
          SSH_SESSION_ID: id,
          TELEPORT_SESSION: id,
          SSH_CLIENT: `${peer.remoteAddress} ${peer.remotePort} ${local.port}`,
          SSH_CONNECTION: `${peer.remoteAddress} ${peer.remotePort} ${local.address} ${local.port}`,
        },
        programs: this.#programs,
        sftp: () => this.#options.faults.current.sftp,
      });
    });
    connection.socket.once('close', () => this.#sizes.delete(id));
  }
}

/** `envs@goteleport.com`: one string, a JSON object of names and values. */
function takeEnvs(session: ServerSession, payload: Buffer): boolean {
  try {
    const values = JSON.parse(payload.toString('utf8', 4, 4 + payload.readUInt32BE(0))) as Record<string, unknown>;
    for (const [name, value] of Object.entries(values)) session.env[name] = String(value);
    return true;
  } catch {
    session.writeError('cannot read the environment');
    session.close();
    return false;
  }
}
