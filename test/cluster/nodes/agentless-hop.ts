import { generateKeyPairSync } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { signCertificate } from '../../../electron/ssh/certificate.ts';
import { connectSsh, type SessionChannel, type SshConnection } from '../../../electron/ssh/index.ts';
import { parsePublicKeyLine, signRaw, toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import { type ChannelRefusal, createSshServer, type DirectTcpip, type ServerConnection } from '../../../electron/ssh/server.ts';
import { finishChannel, type ServerSession, type StartAnswer, type StartRequest } from '../../../electron/ssh/server-session.ts';
import type { Channel } from '../../../electron/ssh/ssh2-internals.ts';
import { issueHostSshCertificate, nodePrincipals } from '../pki/openssh.ts';
import { type GuardedNode, mayEnter } from './may-enter.ts';
import type { OpenSshNode } from './openssh-node.ts';

export interface AgentlessHopOptions extends GuardedNode {
  readonly hostname: string;
  /** Trusts the cluster's OpenSSH authority. It is closed with the hop. */
  readonly sshd: OpenSshNode;
}

/**
 * What a proxy does before an agentless node (ssh-and-gateways §4.2): it ends the person's SSH under an Ed25519 certificate of its own, judges the
 * login by roles, and logs in to the `sshd` with a certificate of the OpenSSH authority once the first channel is wanted.
 */
export class AgentlessHop {
  readonly #options: AgentlessHopOptions;
  readonly #key = generateKeyPairSync('ed25519').privateKey;
  readonly #server: ReturnType<typeof createSshServer>;
  readonly #listener: net.Server;
  readonly #nodeConnections = new WeakMap<ServerConnection, Promise<SshConnection>>();

  private constructor(options: AgentlessHopOptions) {
    const { cluster, uuid, hostname } = options;
    this.#options = options;
    const principals = nodePrincipals(uuid, hostname, cluster.name);
    this.#server = createSshServer({
      hostKeys: [
        {
          key: this.#key,
          certificate: issueHostSshCertificate(cluster.authorities.hostSsh, this.#key, { cluster: cluster.name, role: 'Proxy', principals }),
        },
      ],
      userCas: () => [parsePublicKeyLine(cluster.authorities.userSsh.line)],
      ident: 'Teleport',
      now: cluster.now,
      authorize: (login, certificate) => mayEnter(options, login, certificate),
      refuseChannel: (_type, connection) => this.#refusal(connection),
      onSession: (session, connection) => session.onStart((request, answer) => void this.#run(session, request, answer, connection)),
      onDirectTcpip: (request, connection) => void this.#forward(request, connection),
      onGlobalRequest: (name) => name === 'keepalive@openssh.com',
    });
    this.#listener = net.createServer({ noDelay: true }, (socket) => this.#server.accept(socket));
  }

  static async start(options: AgentlessHopOptions): Promise<AgentlessHop> {
    const hop = new AgentlessHop(options);
    await new Promise<void>((resolve, reject) => hop.#listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    return hop;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#listener.address() as net.AddressInfo).port };
  }

  async close(): Promise<void> {
    this.#server.close();
    await new Promise((resolve) => this.#listener.close(resolve));
    await this.#options.sshd.close();
  }

  async #refusal(connection: ServerConnection): Promise<ChannelRefusal | null> {
    try {
      await this.#nodeConnection(connection);
      return null;
    } catch {
      const text = 'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain';
      return { reason: 2, text };
    }
  }

  /** The one connection to the `sshd` behind a person's connection. */
  #nodeConnection(connection: ServerConnection): Promise<SshConnection> {
    let node = this.#nodeConnections.get(connection);
    if (!node) {
      node = this.#logIn(connection);
      this.#nodeConnections.set(connection, node);
      connection.socket.once('close', () => void node?.then((open) => open.close()).catch(() => undefined)); // the connection was refused, and its caller knows
    }
    return node;
  }

  #logIn({ login, certificate }: ServerConnection): Promise<SshConnection> {
    const { cluster, uuid, sshd } = this.#options;
    const { privateKey } = generateKeyPairSync('ed25519');
    const minted = signCertificate(
      {
        publicKey: toSshPublicKey(privateKey),
        kind: 'user',
        keyId: certificate.keyId,
        principals: certificate.principals,
        validAfter: 0n,
        extensions: { 'permit-pty': '', 'permit-port-forwarding': '', 'permit-agent-forwarding': '' },
      },
      cluster.authorities.openssh.key,
    );
    return connectSsh({
      sock: net.connect({ ...sshd.address, noDelay: true }),
      login,
      identity: { certificate: minted, sign: async (data, algorithm) => signRaw(privateKey, data, algorithm) },
      hostCas: [cluster.authorities.hostSsh.line],
      hostPrincipal: uuid,
    });
  }

  async #run(session: ServerSession, request: StartRequest, answer: StartAnswer, connection: ServerConnection): Promise<void> {
    try {
      const node = await this.#nodeConnection(connection);
      const { env, pty } = session;
      const asked = { env, ...(pty ? { pty } : {}) };
      const behind =
        request.kind === 'subsystem'
          ? await node.exec('', { subsystem: request.name })
          : request.kind === 'exec'
            ? await node.exec(request.command, asked)
            : await node.shell(asked);
      joinSession(session, answer.accept(), behind);
    } catch (error) {
      answer.refuse(String(error));
    }
  }

  async #forward(request: DirectTcpip, connection: ServerConnection): Promise<void> {
    const channel = request.accept();
    channel.on('error', () => channel.close());
    try {
      const behind: Duplex = await (await this.#nodeConnection(connection)).forwardOut(request.host, request.port);
      behind.on('error', () => channel.close()).on('close', () => channel.close());
      behind.pipe(channel, { end: false });
      channel.pipe(behind);
    } catch {
      channel.close(); // without a text, unlike an agent
    }
  }
}

function joinSession(session: ServerSession, channel: Channel, behind: SessionChannel): void {
  channel.on('error', () => channel.close());
  session.onResize(({ cols, rows }) => behind.resize(cols, rows));
  session.onClose(() => behind.close());
  behind.onData((bytes, isError) => void (isError ? channel.stderr : channel).write(bytes, () => behind.consumed(bytes.length)));
  behind.onEnd(({ code, signal }) => finishChannel(channel, code ?? (signal === null ? 255 : 137)));
  channel.on('data', (bytes: Buffer) => behind.write(bytes));
  channel.on('end', () => behind.end());
}
