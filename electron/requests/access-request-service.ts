/*
 * Access requests. For each cluster with a login there is one `ClusterRequests`: its `RequestFeed` follows the cluster's event
 * stream and reads lists, its `RequestList` merges lists, events and answers into one state. `Viewpoint` is that state as this
 * person sees it; `request-query.ts` filters and sorts it into pages, `NoticeBoard` collects what is worth a notice. `BasketStore`
 * keeps what is gathered for the next request. The service itself carries out actions: it sends them to the cluster, explains
 * refusals and puts the answer into the list at once.
 */
import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { CallName } from '../../shared/ipc/define.ts';
import { type Handlers, Topic } from '../../shared/ipc/server.ts';
import type { AccessRequest, FullRequestDraft, RequestNotice, RequestsOverview } from '../../shared/model/access-request.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import { type BackgroundReporter, reported } from '../lib/background.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import type { AuthClient } from '../teleport/auth/auth-client.ts';
import { BasketStore } from './baskets.ts';
import { ClusterRequests } from './cluster-requests.ts';
import type { RequestClusters } from './clusters.ts';
import { NoticeBoard } from './notice-board.ts';
import { checkReason } from './reason.ts';
import { refusal } from './refusals.ts';
import { requestDetail } from './request-detail.ts';
import type { FeedTimes } from './request-feed.ts';
import { queryRequests } from './request-query.ts';
import { checkStart } from './start-time.ts';

export type RequestCalls = Pick<Handlers<MainContract>['calls'], Extract<CallName<MainContract>, `requests.${string}`>>;

/** An action that succeeded, for the usage events. */
export type RequestUse =
  | { event: 'access_request_create'; cluster: ClusterKey; resources: number }
  | { event: 'access_request_review'; cluster: ClusterKey }
  | { event: 'access_request_assume_role'; cluster: ClusterKey };

export interface AccessRequestOptions {
  clusters: RequestClusters;
  background: BackgroundReporter;
  /** The file of the baskets. */
  basketsPath: string;
  now?: () => number;
  times?: FeedTimes;
  /** How long after the start of the app, or after a login, clusters are asked for the first time, so that the window comes first. */
  startDelayMs?: number;
}

/** One page load and the events that come with it make one update of the topic; nobody notices the delay. */
const gatherMs = 20;
/** The most namespaces that are offered at a time. A longer list is no easier to choose from; typing narrows it. */
const maxNamespaces = 50;

/** The access requests of all clusters a person is logged in to: asking, reviewing, assuming, followed live. */
export class AccessRequestService {
  readonly topic = new Topic<Record<ClusterKey, RequestsOverview>>({});
  readonly notices: Topic<RequestNotice[]>;
  /** Sentences about files that could not be used as they stood. */
  readonly problems: readonly string[];
  readonly #options: AccessRequestOptions;
  readonly #clusters: RequestClusters;
  readonly #baskets: BasketStore;
  readonly #board = new NoticeBoard();
  readonly #followed = new Map<ClusterKey, ClusterRequests>();
  readonly #changed = new Set<ClusterKey>();
  readonly #uses = new Set<(use: RequestUse) => void>();
  readonly #unsubscribe: (() => void)[];
  #publishing: NodeJS.Timeout | undefined;
  #starting: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: AccessRequestOptions) {
    this.#options = options;
    this.#clusters = options.clusters;
    this.#baskets = new BasketStore(options.basketsPath);
    this.problems = this.#baskets.problem ? [this.#baskets.problem] : [];
    this.notices = this.#board.topic;
    this.#unsubscribe = [
      this.#clusters.topic.onChange(() => this.#followSoon()),
      this.#clusters.onCredentials((key) => this.#followed.get(key)?.restart()),
    ];
    this.#followSoon();
  }

  /** Calls back after each action that the cluster has accepted. Returns the unsubscriber. */
  onUse(listener: (use: RequestUse) => void): () => void {
    this.#uses.add(listener);
    return () => this.#uses.delete(listener);
  }

  readonly handlers: RequestCalls = {
    'requests.list': (query) => {
      const followed = this.#of(query.cluster);
      const { view, revision } = followed;
      const { page, total } = queryRequests(followed.all(), query, view, followed.texts);
      followed.names.want(page.flatMap(({ resources }) => resources));
      return { requests: page.map((request) => view.show(request)), total, revision };
    },
    'requests.get': async ({ cluster, id }, { signal }) => {
      const followed = this.#of(cluster);
      const request = await this.#ask(cluster, (client) => client.requests.get(id, signal));
      if (!request) {
        followed.gone(id);
        throw new AppError('not-found', 'This request is gone: it was withdrawn, deleted, or has run out.');
      }
      const shown = this.#applied(followed, cluster, request);
      const ask = <T>(work: (client: AuthClient) => Promise<T>) =>
        reported(this.#options.background, { what: 'to read more about an access request', cluster }, this.#ask(cluster, work));
      return requestDetail({ request: shown, facts: request, followed, ask, signal });
    },
    'requests.refresh': async ({ cluster }) => {
      await this.#of(cluster).read();
      return null;
    },
    'requests.capabilities': ({ cluster, resources }, { signal }) =>
      this.#clusters.afterLogin(cluster, 'to request access', signal, (use) =>
        this.#ask(use, (client) => client.requests.capabilities(this.#user(use), resources, signal)),
      ),
    'requests.namespaces': async ({ cluster, kube, search }, { signal }) => {
      const words = search.split(/\s+/).filter((word) => word !== '');
      const wanted = { cluster: kube.cluster, kube: kube.name, words: words.slice(0, 20), limit: maxNamespaces };
      try {
        return await this.#ask(cluster, (client) => client.kube.namespaces(wanted, signal));
      } catch (caught) {
        if (['unsupported', 'access-denied', 'not-found', 'invalid-argument'].includes(AppError.from(caught).code)) return null;
        throw caught;
      }
    },
    'requests.dry-run': ({ cluster, draft }, { signal }) => {
      const { now, user, checked } = this.#draft(cluster, draft);
      return this.#act('create', cluster, async (client) => {
        const { serverTime: _, ...run } = await client.requests.dryRun({ user, now, draft: checked }, signal);
        return run;
      });
    },
    'requests.create': async ({ cluster, draft }) => {
      const { now, user, checked, followed } = this.#draft(cluster, draft);
      const created = await this.#act('create', cluster, (client) => client.requests.create({ user, now, draft: checked }));
      this.#used({ event: 'access_request_create', cluster, resources: draft.resources.length });
      return this.#applied(followed, cluster, created);
    },
    'requests.review': async ({ cluster, id, decision, reason: typed, assumeStart }) => {
      const followed = this.#of(cluster);
      const reason = checkReason(typed);
      checkStart(followed, assumeStart);
      const review = { id, decision, reason, assumeStart };
      const reviewed = await this.#act('review', cluster, (client) => client.requests.review(review), id);
      this.#used({ event: 'access_request_review', cluster });
      return this.#applied(followed, cluster, reviewed);
    },
    'requests.promote': async ({ cluster, id, accessList, reason: typed }) => {
      const followed = this.#of(cluster);
      const reason = checkReason(typed);
      const promoted = await this.#act('promote', cluster, (client) => client.requests.promote({ id, accessList, reason }), id);
      this.#used({ event: 'access_request_review', cluster });
      return this.#applied(followed, cluster, promoted);
    },
    'requests.delete': ({ cluster: asked, id }, { signal }) =>
      this.#clusters.afterLogin(asked, 'to withdraw the request', signal, async (cluster) => {
        const followed = this.#of(cluster);
        await this.#act('delete', cluster, (client) => client.requests.remove(id), id);
        followed.gone(id);
        this.#publish(cluster);
        return null;
      }),
    'requests.assume': ({ cluster: asked, ids }, { signal }) =>
      this.#clusters.afterLogin(asked, 'to assume the access', signal, async (cluster) => {
        this.#checkTogether(cluster, ids);
        await this.#reissue('assume', cluster, { assume: [...new Set(ids)], drop: [] });
        this.#used({ event: 'access_request_assume_role', cluster });
        return null;
      }),
    'requests.drop': ({ cluster: asked, ids }, { signal }) =>
      this.#clusters.afterLogin(asked, 'to drop the access', signal, async (cluster) => {
        await this.#reissue('drop', cluster, { assume: [], drop: ids ? [...new Set(ids)] : ['*'] });
        return null;
      }),
    'requests.basket': async ({ cluster, ...change }) => {
      const saved = this.#baskets.change(cluster, change);
      this.#publish(cluster);
      await saved;
      return null;
    },
  };

  /** Stops following all clusters; resolves when all baskets are on the disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    clearTimeout(this.#starting);
    clearTimeout(this.#publishing);
    for (const followed of this.#followed.values()) followed.close();
    this.#followed.clear();
    await this.#baskets.settled();
  }

  #ask<T>(cluster: ClusterKey, work: (client: AuthClient) => Promise<T>): Promise<T> {
    return this.#clusters.ask(cluster, '', work);
  }

  /**
   * Carries out an action. A refusal is explained, and the request is read again, since its state may differ from what the page
   * shows.
   */
  async #act<T>(
    action: Parameters<typeof refusal>[1],
    cluster: ClusterKey,
    work: (client: AuthClient) => Promise<T>,
    id: string | null = null,
  ): Promise<T> {
    try {
      return await this.#ask(cluster, work);
    } catch (caught) {
      if (id !== null) void this.#lookAgain(cluster, [id]);
      throw refusal(caught, action);
    }
  }

  async #reissue(action: 'assume' | 'drop', cluster: ClusterKey, change: { assume: string[]; drop: string[] }): Promise<void> {
    try {
      await this.#clusters.reissue(cluster, change);
      this.#followed.get(cluster)?.update(this.#cluster(cluster));
      this.#publish(cluster);
    } catch (caught) {
      void this.#lookAgain(cluster, change.assume);
      throw refusal(caught, action);
    }
  }

  /** Puts the cluster's answer into the topic before the caller gets it. */
  #applied(followed: ClusterRequests, cluster: ClusterKey, request: RequestFacts): AccessRequest {
    const shown = followed.applied(request);
    this.#publish(cluster);
    return shown;
  }

  async #lookAgain(cluster: ClusterKey, ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const asking = this.#ask(cluster, (client) => client.requests.get(id));
      const found = await reported(this.#options.background, { what: 'to read one access request', cluster }, asking).catch(() => undefined); // the next list brings it
      if (found === null) this.#followed.get(cluster)?.gone(id);
      else if (found) this.#followed.get(cluster)?.applied(found);
    }
  }

  #draft(cluster: ClusterKey, draft: FullRequestDraft) {
    const followed = this.#of(cluster);
    if (draft.roles.length === 0 && draft.resources.length === 0) {
      throw new AppError('invalid-argument', 'Nothing is asked for yet. Choose a role or a resource.');
    }
    checkStart(followed, draft.assumeStart);
    return { followed, now: followed.serverNow(), user: this.#user(cluster), checked: { ...draft, reason: checkReason(draft.reason) } };
  }

  /** A certificate can carry several requests for roles, but only one for resources. Checked here, before the server is asked. */
  #checkTogether(cluster: ClusterKey, ids: readonly string[]): void {
    const followed = this.#of(cluster);
    const all = new Set([...this.#cluster(cluster).activeRequests, ...ids]);
    const limited = [...all].filter((id) => (followed.get(id)?.resources.length ?? 0) > 0);
    if (limited.length < 2) return;
    throw new AppError('invalid-argument', 'Only one request for resources can be in force at a time. Drop the other one first.');
  }

  #user(key: ClusterKey): string {
    return this.#cluster(key).user;
  }

  #cluster(key: ClusterKey): Cluster {
    const cluster = this.#clusters.topic.get().find((one) => one.key === key);
    if (!cluster) throw new AppError('not-found', 'This cluster is not on the list any more. Add it again.');
    return cluster;
  }

  /** The requests of a cluster, which is followed from now on. */
  #of(key: ClusterKey): ClusterRequests {
    const cluster = this.#cluster(key);
    if (cluster.status !== 'signed-in') {
      throw new AppError('expired', 'You are not logged in to this cluster. Log in to see its access requests.', { details: { cluster: key } });
    }
    return this.#followed.get(key) ?? this.#follow(cluster);
  }

  #follow(cluster: Cluster): ClusterRequests {
    const { key } = cluster;
    const { now = Date.now, times } = this.#options;
    const followed = new ClusterRequests(cluster, {
      key,
      now,
      ...(times ? { times } : {}),
      clusters: this.#clusters,
      background: this.#options.background,
      basket: () => this.#baskets.get(key),
      notify: (notice) => this.#board.post(notice),
      onChange: () => this.#publishSoon(key),
    });
    this.#followed.set(key, followed);
    followed.restart();
    this.#publish(key);
    return followed;
  }

  #followSoon(): void {
    for (const cluster of this.#clusters.topic.get()) {
      this.#followed.get(cluster.key)?.update(cluster);
      if (this.#followed.has(cluster.key)) this.#publishSoon(cluster.key);
    }
    this.#leave();
    this.#starting ??= setTimeout(() => {
      this.#starting = undefined;
      if (this.#isClosed) return;
      for (const cluster of this.#clusters.topic.get()) if (cluster.status === 'signed-in' && !this.#followed.has(cluster.key)) this.#follow(cluster);
    }, this.#options.startDelayMs ?? 1000);
  }

  /** Stops following clusters without a login. */
  #leave(): void {
    const signedIn = new Set(this.#clusters.topic.get().flatMap(({ key, status }) => (status === 'signed-in' ? [key] : [])));
    for (const [key, followed] of this.#followed) {
      if (signedIn.has(key)) continue;
      followed.close();
      this.#followed.delete(key);
      this.#publish(key);
    }
  }

  /** Publishes changes that come close together in one update. */
  #publishSoon(key: ClusterKey): void {
    this.#changed.add(key);
    this.#publishing ??= setTimeout(() => {
      this.#publishing = undefined;
      for (const changed of [...this.#changed]) this.#publish(changed);
    }, gatherMs);
  }

  #publish(key: ClusterKey): void {
    this.#changed.delete(key);
    if (this.#isClosed) return;
    const { [key]: before, ...others } = this.topic.get();
    const overview = this.#followed.get(key)?.overview();
    if (!overview && before) this.topic.set(others);
    else if (overview && JSON.stringify(overview) !== JSON.stringify(before)) this.topic.set({ ...others, [key]: overview });
  }

  #used(use: RequestUse): void {
    for (const listener of this.#uses) listener(use);
  }
}
