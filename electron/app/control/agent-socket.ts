import type { Server, Socket } from 'node:net';
import type { TopicSource } from '../../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../../shared/model/cluster.ts';
import type { SshLogin } from '../../clusters/tickets/ssh-login.ts';
import { type BackgroundReporter, reported } from '../../lib/background.ts';
import { listenPrivately } from '../../lib/private-socket.ts';
import type { AgentIdentity } from '../../ssh/index.ts';

export interface AgentSocketOptions {
  /** Where to listen; asked for when the agent is set on. */
  path(): string;
  clusters: { topic: TopicSource<Cluster[]>; sshLogin(key: ClusterKey): SshLogin };
  background: BackgroundReporter;
}

/** An SSH agent with the certificates of everybody logged in to, for other programs; off until it is set on. It only signs logins. */
export class AgentSocket {
  readonly #options: AgentSocketOptions;
  readonly #sockets = new Set<Socket>();
  #isWanted = false;
  #server: Server | null = null;
  #step: Promise<void> = Promise.resolve();

  constructor(options: AgentSocketOptions) {
    this.#options = options;
  }

  /** Resolves when the agent listens, or has stopped listening. */
  set(on: boolean): Promise<void> {
    this.#isWanted = on;
    const following = this.#step.then(() => this.#follow());
    this.#step = reported(this.#options.background, { what: 'to run the SSH agent', cluster: '' }, following).catch(() => {}); // a failure is already reported
    return this.#step;
  }

  close(): Promise<void> {
    return this.set(false);
  }

  async #follow(): Promise<void> {
    if (this.#isWanted === (this.#server !== null)) return;
    if (this.#isWanted) {
      const { SshAgent, sshIdentity } = await import('../../ssh/index.ts');
      this.#server = await listenPrivately(this.#options.path(), (socket) => {
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        socket.on('error', () => socket.destroy());
        const agent = new SshAgent(
          () => this.#identities(sshIdentity),
          (message) => socket.write(message),
        );
        socket.on('data', (bytes) => {
          try {
            agent.receive(bytes);
          } catch {
            socket.destroy();
          }
        });
        socket.on('end', () => socket.end());
      });
      return;
    }
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => server?.close(resolve));
  }

  #identities(read: (certificate: string, key: string) => AgentIdentity): AgentIdentity[] {
    const { clusters } = this.#options;
    return clusters.topic
      .get()
      .filter(({ status }) => status === 'signed-in')
      .flatMap(({ key }) => {
        try {
          const { certificateLine, privateKey } = clusters.sshLogin(key);
          return [read(certificateLine, privateKey)];
        } catch {
          // This login has expired meanwhile, or its key is in hardware that software cannot use.
          return [];
        }
      });
  }
}
