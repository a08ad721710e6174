/*
 * What other programs of this user can ask of the running app. The command line `slipway` (electron/cli) connects to a private
 * socket and sends one JSON line; `AppControl` answers it, or turns the socket into the byte stream of a server for OpenSSH's
 * ProxyCommand. `AgentSocket` offers the logins' certificates as an SSH agent, and `CommandTopic` carries commands from menus,
 * links and the command line to the page.
 */
import type { MainContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Handlers, TopicSource } from '../../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../../shared/model/cluster.ts';
import { resourceQuerySchema } from '../../../shared/model/resource.ts';
import { listeningPath, sharedFolderProblem } from '../../cli/control-path.ts';
import { type AppRequest, appRequestSchema, type ClusterChoice, type Located, type Opened } from '../../cli/control-request.ts';
import { ControlServer } from '../../cli/control-server.ts';
import { chooseCluster, locate, proxyHost } from '../../cli/destination.ts';
import { isPlainName, sshConfig } from '../../cli/ssh-config.ts';
import type { SshLogin } from '../../clusters/tickets/ssh-login.ts';
import type { CommandTopic } from './command-topic.ts';
import { findServer, listServers, type ResourcesList } from './find-server.ts';

export interface AppControlOptions {
  /** Data folder. */
  home: string;
  clusters: {
    topic: TopicSource<Cluster[]>;
    handlers: { 'resources.list': ResourcesList } & Pick<Handlers<MainContract>['calls'], 'resources.app-options' | 'resources.database-options'>;
    sshLogin(key: ClusterKey): SshLogin;
  };
  commands: Pick<CommandTopic, 'send'>;
  /** Begins a command line that runs `slipway`. */
  command: readonly string[];
}

/** More lines than anybody reads in a terminal; the answer says when there are more. */
const listed = 1000;

type OpenRequest = Extract<AppRequest, { request: 'open' }>;

/** Answers the command line (electron/cli) on a socket that only this user reaches. */
export class AppControl {
  readonly #options: AppControlOptions;
  #server: Promise<ControlServer> | null = null;

  constructor(options: AppControlOptions) {
    this.#options = options;
  }

  /** Resolves with a sentence about the place of the socket, null when it is a usual one. */
  async start(): Promise<string | null> {
    const path = listeningPath(this.#options.home, 'app');
    this.#server = ControlServer.listen(path, appRequestSchema, async (request, signal) => ({
      value: await this.#answer(request, signal),
    }));
    await this.#server;
    return sharedFolderProblem(path);
  }

  /** Blocks for the logins there are, and the leaf clusters behind them; with the servers that have capital letters, where those are `wanted`. */
  async sshConfig(wanted: 'with-capitals' | 'without', signal: AbortSignal): Promise<string> {
    const { home, clusters, command } = this.#options;
    const signedIn = clusters.topic.get().filter(({ status }) => status === 'signed-in');
    const logins = await Promise.all(
      signedIn.map(async (cluster) => ({
        clusters: [cluster.name, ...cluster.leaves.map(({ name }) => name)],
        servers: wanted === 'without' ? [] : await this.#serversWithCapitals(cluster, signal),
        proxyHost: proxyHost(cluster),
        proxy: cluster.address,
        ...clusters.sshLogin(cluster.key),
      })),
    );
    if (logins.length === 0) throw new AppError('expired', 'You are logged in to no cluster, so there is nothing to export. Log in first.');
    return sshConfig([...command, `--home=${home}`], logins);
  }

  async close(): Promise<void> {
    // A server that could not listen has already reported that to the caller of `start`.
    await this.#server?.then(
      (server) => server.close(),
      () => {},
    );
  }

  async #answer(request: AppRequest, signal: AbortSignal): Promise<unknown> {
    const { clusters, commands } = this.#options;
    const known = clusters.topic.get();
    switch (request.request) {
      case 'list': {
        const { cluster, leaf } = chooseCluster(known, request);
        const { resources, nextKey } = await clusters.handlers['resources.list'](
          resourceQuerySchema.parse({ cluster: cluster.key, leaf, kinds: request.kinds, search: request.search.slice(0, 1000), limit: listed }),
          { signal },
        );
        return { resources, more: nextKey !== '' };
      }
      case 'locate':
        return this.#located(known, request.destination, request, signal);
      case 'ssh-config':
        return { text: await this.sshConfig(request.capitals ? 'with-capitals' : 'without', signal) };
      case 'open':
        commands.send('quick-connect', JSON.stringify(await this.#opened(known, request, signal)));
        return null;
    }
  }

  /** The server that was typed, by what has to be dialled, and the name under which OpenSSH can check its certificate. */
  async #located(known: readonly Cluster[], destination: string, choice: ClusterChoice, signal: AbortSignal): Promise<Located> {
    const typed = locate(known, destination, choice);
    const server = await findServer(this.#options.clusters.handlers['resources.list'], typed.target, signal);
    if (!server) return { ...typed, alias: '' };
    // A proxy that ends the SSH itself shows a certificate of the very name that was dialled (ssh-and-gateways §2.4), and OpenSSH checks the one it was given.
    const node = server.name === typed.target.hostname ? typed.target.node : server.id;
    const alias = `${server.id}.${typed.owner}`;
    return { ...typed, target: { ...typed.target, node, hostname: server.name }, alias: isPlainName(alias) ? alias : '' };
  }

  /** OpenSSH makes every name small, and then finds no such name in the certificate: for these the export has names of its own. */
  async #serversWithCapitals(cluster: Cluster, signal: AbortSignal): Promise<{ host: string; alias: string }[]> {
    const servers: { host: string; alias: string }[] = [];
    for (const leaf of ['', ...cluster.leaves.filter(({ online }) => online).map(({ name }) => name)]) {
      const owner = leaf || cluster.name;
      const target = { cluster: cluster.key, leaf };
      try {
        for await (const { name, id } of listServers(this.#options.clusters.handlers['resources.list'], target, '', signal)) {
          const host = `${name}.${owner}`;
          if (host !== host.toLowerCase()) servers.push({ host, alias: `${id}.${owner}` });
        }
      } catch {
        // The cluster cannot be reached now. Its block in the export still works for all servers without capital letters.
      }
    }
    return servers;
  }

  /** What the window has to open. Mistakes in the command are reported here, where it was typed. */
  async #opened(known: readonly Cluster[], { what, name, user, ...choice }: OpenRequest, signal: AbortSignal): Promise<Opened> {
    if (what === 'ssh') {
      const { target } = locate(known, name, choice);
      const server = await findServer(this.#options.clusters.handlers['resources.list'], target, signal);
      return { kind: 'ssh', target: server ? { ...target, node: server.id, hostname: server.name } : target };
    }
    const { cluster, leaf } = chooseCluster(known, choice);
    const resource = { cluster: cluster.key, leaf, name };
    if (what === 'kube') return { kind: 'kube', ...resource };
    const { handlers } = this.#options.clusters;
    if (what === 'app') {
      const { gateway, problem } = await handlers['resources.app-options'](resource, { signal });
      if (!gateway) throw new AppError('unsupported', problem ?? `${name} has no local address. Open it in the browser from Slipway’s window.`);
      return { kind: 'app', ...resource, targetPort: null };
    }
    const { users, optionalUser, anyUser, problem } = await handlers['resources.database-options'](resource, { signal });
    if (problem !== null) throw new AppError('access-denied', problem);
    const [only = '', ...others] = users;
    const chosen = user || (others.length === 0 && !anyUser && !optionalUser ? only : '');
    if (chosen === '' && !optionalUser)
      throw new AppError(
        'invalid-argument',
        `Say which user of ${name}: --user=${users.length > 0 ? `NAME, one of ${users.slice(0, 20).join(', ')}${anyUser ? ' or another' : ''}` : 'NAME'}.`,
      );
    return { kind: 'database', ...resource, user: chosen.slice(0, 512) };
  }
}
