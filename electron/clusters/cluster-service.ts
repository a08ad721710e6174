/*
 * The room's face to the rest of main. Below it: `profiles/` reads, writes and watches logins in tsh's folder layout;
 * `ClusterRegistry` publishes them as a topic; `login/` logs in and reissues certificates; `ClusterAccess` asks clusters on behalf
 * of a login; `targets/` knows per kind (server, database, Kubernetes, app) how a target is found and reached; `tickets/` packs
 * that into what the session host needs for one connection.
 * Secrets stay in main and in the files: the page gets keys of logins and sentences, the session host gets one ticket per
 * connection.
 */
import { join } from 'node:path';
import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CallName } from '../../shared/ipc/define.ts';
import type { Handlers, Topic, TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import type { Question } from '../../shared/model/question.ts';
import type { SshTicket, TicketContract } from '../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../lib/background.ts';
import { systemLocks } from '../lib/file-lock.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import { ClusterAccess } from './cluster-access.ts';
import { ClusterRegistry, readingProfiles } from './cluster-registry.ts';
import { ConnectionTest } from './connection-test.ts';
import { LoginConversation } from './login/conversation.ts';
import type { UsedConnector } from './login/granted-login.ts';
import { LoginQuestions } from './login/login-questions.ts';
import { profileOfPing } from './login/profile-of-ping.ts';
import { ProxyFinder } from './login/proxy-finder.ts';
import { Reissue } from './login/reissue.ts';
import { SignIn } from './login/sign-in.ts';
import type { BrowserFacilities } from './login/sso/sso-login.ts';
import { ProxyFactsStore } from './proxy-facts.ts';
import { Questions } from './questions.ts';
import { appOptions } from './targets/app.ts';
import { databaseOptions } from './targets/database.ts';
import { accessTopic } from './tickets/access-topic.ts';
import { GatewayTickets } from './tickets/gateway-tickets.ts';
import { MfaChecks } from './tickets/mfa-checks.ts';
import { type SshLogin, sshLoginOf } from './tickets/ssh-login.ts';
import { sshTicket } from './tickets/ssh-ticket.ts';
import { teleportWire, type Wire } from './wire.ts';

export interface ClusterServiceOptions {
  /** `own`: Slipway's folder for profiles; `tsh`: the person's tsh home. */
  homes: { own: string; tsh: string };
  /** Of the settings only `profiles.useTshHome` is read. */
  settings: TopicSource<{ values: { profiles: { useTshHome: boolean } } }>;
  background: BackgroundReporter;
  browser: BrowserFacilities;
  now?: () => number;
  wire?: Wire;
}

type MainCalls = Handlers<MainContract>['calls'];
export type ClusterCalls = Pick<MainCalls, Extract<CallName<MainContract>, `clusters.${string}` | `questions.${string}` | `resources.${string}`>>;
export type ClusterStreams = Pick<Handlers<MainContract>['streams'], 'clusters.login'>;
export type ClusterTicketCalls = Pick<Handlers<TicketContract>['calls'], 'ticket.ssh' | 'ticket.gateway' | 'ticket.expired' | 'login.ask'>;

export interface LoginEvent {
  cluster: ClusterKey;
  connector: UsedConnector['type'];
}

/**
 * The clusters a person uses: adding them, logging in and out, listing their resources, tickets for connections. Logins are kept in
 * files that tsh understands; facts that have no place there are kept in one file of our own.
 */
export class ClusterService {
  readonly topic: Topic<Cluster[]>;
  /** What the person is asked. */
  readonly questions: TopicSource<Question[]>;
  readonly ticketTopics: Handlers<TicketContract>['topics'];
  /** Sentences about files that could not be used as they stood. */
  readonly problems: readonly string[];
  readonly #facts: ProxyFactsStore;
  readonly #registry: ClusterRegistry;
  readonly #access: ClusterAccess;
  readonly #signIn: SignIn;
  readonly #finder: ProxyFinder;
  readonly #mfa: MfaChecks;
  readonly #gateways: GatewayTickets;
  readonly #test: ConnectionTest;
  readonly #loginListeners = new Set<(event: LoginEvent) => void>();
  readonly #credentialListeners = new Set<(key: ClusterKey) => void>();
  /** How many certificates each login has had. */
  readonly #certificates = new Map<ClusterKey, number>();
  readonly #reissue: Reissue;
  readonly #questions = new Questions();
  readonly #logins: LoginQuestions;
  readonly #unsubscribe: (() => void)[];

  constructor({ homes, settings, background, browser, now = Date.now, wire = teleportWire }: ClusterServiceOptions) {
    const facts = new ProxyFactsStore(join(homes.own, 'proxies.json'));
    const registry = new ClusterRegistry({
      ...homes,
      useTsh: settings.get().values.profiles.useTshHome,
      locks: systemLocks(),
      facts,
      background,
      now,
      readCertificate: (pem) => wire.readCertificate(pem),
      onCredentialsChange: (key) => {
        this.#access.closeClients(key);
        this.#certificates.set(key, (this.#certificates.get(key) ?? 0) + 1);
        for (const listener of this.#credentialListeners) listener(key);
      },
    });
    this.topic = registry.topic;
    this.questions = this.#questions.topic;
    this.problems = facts.problem ? [facts.problem] : [];
    this.#facts = facts;
    this.#registry = registry;
    this.#access = new ClusterAccess({ wire, facts, registry, background, now });
    this.#logins = new LoginQuestions({
      questions: this.#questions,
      isUsable: (key) => this.#access.isUsable(key),
      certificate: (key) => this.#certificates.get(key) ?? 0,
      now,
    });
    this.#signIn = new SignIn({ wire, facts, registry, access: this.#access, background, browser });
    this.#finder = new ProxyFinder(wire, facts, background);
    this.#mfa = new MfaChecks(this.#access, background, now);
    this.#reissue = new Reissue({ wire, registry, access: this.#access });
    this.#gateways = new GatewayTickets({ access: this.#access, registry, factsOf: (address) => facts.get(address), wire });
    this.#test = new ConnectionTest({ wire, access: this.#access, registry, facts, ticket: (target) => this.#ticket(target), now });
    this.ticketTopics = { access: accessTopic(this.topic, (key) => this.#certificates.get(key) ?? 0) };
    const follow = (useTsh: boolean) => inBackground(background, readingProfiles, registry.setUseTsh(useTsh));
    this.#unsubscribe = [settings.onChange(({ values }) => follow(values.profiles.useTshHome)), this.topic.onChange(() => this.#logins.look())];
  }

  /** Reads the profiles, publishes them and begins to watch. Asks no cluster anything. */
  start(): Promise<void> {
    return this.#registry.start();
  }

  /** Calls back after each login, once its facts are in the topic. Returns the unsubscriber. */
  onLogin(listener: (event: LoginEvent) => void): () => void {
    this.#loginListeners.add(listener);
    return () => this.#loginListeners.delete(listener);
  }

  /** Calls back when a login's certificate was replaced or removed, so that whatever was made with the old one can be made again. */
  onCredentials(listener: (key: ClusterKey) => void): () => void {
    this.#credentialListeners.add(listener);
    return () => this.#credentialListeners.delete(listener);
  }

  /** Asks the auth server of the root, or of `leaf` when it is not empty. */
  ask<T>(key: ClusterKey, leaf: string, work: (client: AuthClient) => Promise<T>): Promise<T> {
    return this.#access.ask(key, leaf, work);
  }

  /**
   * The result of `work`. When that fails because the login is over, the person is asked to log in, and `work` is done once more
   * with the key that they logged in to. Fails as at first when they decline. `reason` goes on after “Log in”: `to drop the access`.
   */
  afterLogin<T>(key: ClusterKey, reason: string, signal: AbortSignal, work: (key: ClusterKey) => Promise<T>): Promise<T> {
    return this.#logins.afterLogin(key, reason, signal, work);
  }

  /**
   * Puts other access requests into force; `drop: ['*']` ends all. When it resolves, the topic has them as the new certificate
   * says.
   */
  reissue(key: ClusterKey, change: { assume: readonly string[]; drop: readonly string[] }): Promise<void> {
    return this.#reissue.run(key, change);
  }

  /** The login's files, as other programs on this computer may use them, and its SSH certificate and key. Throws `expired` when nobody is logged in. */
  sshLogin(key: ClusterKey): SshLogin {
    return sshLoginOf(this.#access.usable(key));
  }

  /** Milliseconds that the cluster's clock is ahead of this computer's. */
  clockOffset(key: ClusterKey, signal: AbortSignal): Promise<number> {
    return this.#access.clockOffset(key, signal);
  }

  readonly handlers: ClusterCalls = {
    'clusters.add': async ({ address: typed }, { signal }) => {
      const { address, ping } = await this.#finder.find(typed, signal);
      await this.#access.remember(address, ping);
      return { key: await this.#registry.add(address, profileOfPing(address, ping)) };
    },
    'clusters.trust': async ({ address, fingerprint }) => {
      const decided = await this.#finder.trust(address, fingerprint);
      this.#registry.refresh();
      for (const cluster of this.topic.get()) if (cluster.address === decided) this.#access.closeClients(cluster.key);
      return null;
    },
    'clusters.auth-settings': ({ key }, { signal }) => this.#signIn.settings(key, signal),
    'clusters.refresh': async ({ key }, { signal }) => {
      await this.#access.refresh(key, signal);
      return null;
    },
    'clusters.test-connection': async ({ key, step }, { signal }) => ({ detail: await this.#test.run(key, step, signal) }),
    'clusters.logout': async ({ key }) => {
      this.#logins.decline(key);
      await this.#registry.removeCredentials(key);
      return null;
    },
    'clusters.forget': async ({ key }) => {
      this.#logins.decline(key);
      await this.#registry.forget(key);
      return null;
    },
    'questions.answer': (answer) => {
      this.#questions.answer(answer);
      return null;
    },
    'resources.database-options': ({ loginReason = '', ...named }, { signal }) =>
      this.afterLogin(named.cluster, loginReason, signal, (cluster) => databaseOptions(this.#access, { ...named, cluster }, signal)),
    'resources.app-options': ({ loginReason = '', ...named }, { signal }) =>
      this.afterLogin(named.cluster, loginReason, signal, (cluster) => appOptions(this.#access, { ...named, cluster }, signal)),
    'resources.list': ({ loginReason = '', availability: wanted, cluster: asked, ...query }, { signal }) =>
      this.afterLogin(asked, loginReason, signal, async (cluster) => {
        const availability = wanted === 'cluster' ? ((await this.#access.showsRequestable(cluster, signal)) ? 'all' : 'accessible') : wanted;
        return this.#access.ask(cluster, query.leaf, (client) => client.listUnifiedResources({ ...query, availability }, signal));
      }),
  };

  readonly streams: ClusterStreams = {
    'clusters.login': ({ key: asked }, stream) => {
      const ended = this.#logins.began(asked);
      const loggedIn = ({ key, connector }: { key: ClusterKey; connector: UsedConnector['type'] }) => {
        for (const listener of this.#loginListeners) listener({ cluster: key, connector });
        stream.send({ step: 'done', key });
        stream.end();
        ended(key);
      };
      const failed = (caught: unknown) => {
        stream.end(AppError.from(caught));
        ended(null);
      };
      this.#signIn.logIn(asked, new LoginConversation(stream)).then(loggedIn, failed);
    },
  };

  readonly tickets: ClusterTicketCalls = {
    'ticket.ssh': (target) => this.#ticket(target),
    'ticket.gateway': (target) => this.#gateways.ticket(target),
    'login.ask': async ({ cluster, reason }, { signal }) => {
      await this.#logins.ask(cluster, reason, signal);
      return null;
    },
    'ticket.expired': ({ cluster }) => {
      this.#access.closeClients(cluster);
      return null;
    },
  };

  async #ticket(target: SshTarget): Promise<SshTicket> {
    const login = await this.#access.login(target.cluster);
    const checked = this.#mfa.check(target);
    // Asking the leaf also fetches its host CAs, if they are not on the disk yet.
    if (target.leaf) await checked;
    const [ticket] = await Promise.all([sshTicket(login, target, this.#facts.get(login.address)), checked]);
    return ticket;
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#questions.close();
    this.#access.close();
    await this.#registry.close();
    await this.#facts.settled();
  }
}
