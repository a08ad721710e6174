import type { AppError } from '../../shared/errors/app-error.ts';
import type { AccessRequest, AssumedRequest, RequestBasket, RequestNotice, RequestsOverview } from '../../shared/model/access-request.ts';
import { resourceIdText } from '../../shared/model/access-request.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import { Alarm } from '../lib/alarm.ts';
import { type BackgroundReporter, inBackground, reported } from '../lib/background.ts';
import type { RequestFacts } from '../teleport/auth/access-request-messages.ts';
import { type ReviewScope, reviewsNothing } from '../teleport/auth/review-scope.ts';
import type { RequestClusters } from './clusters.ts';
import { noticeTexts } from './notice-texts.ts';
import { reportedSource } from './reported-source.ts';
import { type FeedConnection, type FeedTimes, RequestFeed } from './request-feed.ts';
import { type RequestChange, RequestList } from './request-list.ts';
import { SearchTexts } from './request-query.ts';
import { ResourceNames } from './resource-names.ts';
import { Viewpoint } from './viewpoint.ts';

export interface ClusterRequestsOptions {
  key: ClusterKey;
  clusters: RequestClusters;
  background: BackgroundReporter;
  basket(): RequestBasket;
  notify(notice: Omit<RequestNotice, 'serial'>): void;
  /** Called when something of the overview may have changed. */
  onChange(): void;
  now(): number;
  times?: FeedTimes;
}

/** The warning before access ends: time enough to save work or to ask again. */
const tenMinutes = 600_000;
/** Only this many requests of a list get names for their resources at once; a page shows fewer, and each name costs a question. */
const maxNamed = 100;
const ossExplanation =
  'This cluster runs the open-source edition of Teleport: you can ask for roles, but not for single resources, and an administrator decides with tctl.';

/** The access requests of one login, followed as long as the login is valid. */
export class ClusterRequests {
  readonly #options: ClusterRequestsOptions;
  readonly #list: RequestList;
  readonly #names: ResourceNames;
  readonly #alarm: Alarm;
  readonly #warned = new Set<string>();
  /**
   * Ids of decided requests that a notice has announced. An event can overtake an older answer, which then shows the request as
   * pending for a moment; without this set the decision would be announced twice.
   */
  readonly #told = new Set<string>();
  readonly texts = new SearchTexts();
  #feed: RequestFeed | null = null;
  #cluster: Cluster;
  #features: { advanced: boolean; reviews: ReviewScope; startTimes: boolean } | null = null;
  #connection: RequestsOverview['connection'] = 'loading';
  #problem: AppError | null = null;
  #clockOffset = 0;
  #revision = 0;
  /** False until the first list has come, which causes no notices. */
  #isLoaded = false;
  #isClosed = false;
  #closing = new AbortController();

  constructor(cluster: Cluster, options: ClusterRequestsOptions) {
    this.#options = options;
    this.#cluster = cluster;
    this.#list = new RequestList(options.now);
    this.#alarm = new Alarm(options.now, () => this.#onTime());
    this.#names = new ResourceNames({
      ask: (leaf, work) =>
        reported(
          options.background,
          { what: 'to learn the names of requested servers', cluster: options.key },
          options.clusters.ask(options.key, leaf, work),
        ),
      rootCluster: cluster.name,
      onResolved: () => this.#changed(),
    });
  }

  /** Begins to follow with the current credentials; called again after they changed. */
  restart(): void {
    this.#feed?.close();
    this.#closing.abort();
    this.#closing = new AbortController();
    if (this.#isClosed) return;
    const { clusters, background, key, now, times } = this.#options;
    const { signal } = this.#closing;
    void this.#learnFeatures(signal);
    const asking = clusters.clockOffset(key, signal).then((offset) => this.#setClock(offset, signal));
    inBackground(background, { what: 'to ask for the cluster’s time', cluster: key }, asking);
    this.#feed = new RequestFeed({
      now,
      ...(times ? { times } : {}),
      source: reportedSource(
        {
          list: (stop) => clusters.ask(key, '', (client) => client.requests.list(stop)),
          get: (id, stop) => clusters.ask(key, '', (client) => client.requests.get(id, stop)),
          watch: (scope, onEvent, stop) =>
            clusters.ask(key, '', (client) => client.requests.watch({ user: scope === 'own' ? this.#cluster.user : null }, onEvent, stop)),
        },
        background,
        key,
      ),
      target: {
        onList: (all, since) => {
          const { changes, doubtful } = this.#list.replace(all, since);
          this.#apply(changes);
          this.#isLoaded = true;
          return doubtful;
        },
        onPut: (request) => this.#apply(this.#list.put(request)),
        onDelete: (id) => this.#apply(this.#list.remove(id)),
        isDoubtful: (request) => this.#list.goesBack(request),
        onConnection: (state, problem) => this.#connected(state, problem),
      },
    });
    this.#feed.start();
  }

  /** Takes over what the profile says: which requests the certificate carries, and until when. */
  update(cluster: Cluster): void {
    this.#cluster = cluster;
    this.#setAlarm();
  }

  read(): Promise<void> {
    return this.#feed?.read() ?? Promise.resolve();
  }

  /** Applies the answer to a call, which is newer than any list. */
  applied(request: RequestFacts): AccessRequest {
    this.#apply(this.#list.put(request));
    return this.view.show(request);
  }

  gone(id: string): void {
    this.#apply(this.#list.remove(id));
  }

  all(): Iterable<RequestFacts> {
    return this.#list.values();
  }

  get(id: string): RequestFacts | null {
    return this.#list.get(id);
  }

  get view(): Viewpoint {
    return new Viewpoint({
      user: this.#cluster.user,
      reviews: this.#features?.reviews ?? reviewsNothing,
      assumed: this.#cluster.activeRequests,
      display: (id) => this.#names.display(id),
    });
  }

  get revision(): number {
    return this.#revision;
  }

  get names(): ResourceNames {
    return this.#names;
  }

  /** Whether the cluster is known to drop the start of an access. */
  get dropsStart(): boolean {
    return this.#features?.startTimes === false;
  }

  /** The server's time, as far as its clock is known. */
  serverNow(): number {
    return this.#options.now() + this.#clockOffset;
  }

  overview(): RequestsOverview {
    const { view } = this;
    const counts = { total: 0, waiting: 0, pending: 0, approved: 0, reviewed: 0 };
    const resources: RequestsOverview['resources'] = {};
    let others = false;
    for (const request of this.#list.values()) {
      counts.total++;
      others ||= !view.isOwn(request);
      if (view.isWaiting(request)) counts.waiting++;
      if (view.isReviewed(request)) counts.reviewed++;
      if (!view.isOwn(request) || (request.expires ?? Infinity) <= this.serverNow()) continue;
      const granted = request.state === 'approved';
      if (request.state === 'pending') counts.pending++;
      if (granted && !view.isAssumed(request)) counts.approved++;
      if (!granted && request.state !== 'pending') continue;
      for (const id of request.resources) {
        const name = resourceIdText(id);
        if (granted || !resources[name]) resources[name] = { state: granted ? 'granted' : 'requested', request: request.id };
      }
    }
    const advanced = this.#features?.advanced ?? !['oss', 'community'].includes(this.#cluster.edition ?? '');
    return {
      cluster: this.#options.key,
      features: {
        reviews: advanced,
        resourceRequests: advanced,
        startTimes: this.#features?.startTimes ?? false,
        explanation: advanced ? '' : ossExplanation,
      },
      connection: this.#connection === 'own' && !others && this.#features?.reviews === reviewsNothing ? 'live' : this.#connection,
      problem: this.#problem?.toData() ?? null,
      revision: this.#revision,
      clockOffset: this.#clockOffset,
      counts,
      assumed: this.#cluster.activeRequests.map((id) => this.#assumed(id)),
      resources,
      basket: this.#options.basket(),
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#feed?.close();
    this.#closing.abort();
    this.#alarm.set(null);
    this.#names.close();
  }

  #assumed(id: string): AssumedRequest {
    const request = this.#list.get(id);
    const ends = [request?.expires ?? null, this.#cluster.expires].filter((end) => end !== null);
    return {
      id,
      roles: request?.roles ?? [],
      resources: (request?.resources ?? []).map((resource) => ({ id: resource, display: this.#names.display(resource) })),
      expires: ends.length > 0 ? Math.min(...ends) : null,
      known: request !== null || !this.#isLoaded,
    };
  }

  #apply(changes: readonly RequestChange[]): void {
    if (changes.length === 0) {
      if (!this.#isLoaded) this.#changed();
      return;
    }
    const { view } = this;
    if (this.#isLoaded) for (const change of changes) this.#tell(change, view);
    if (changes.length <= maxNamed) this.#names.want(changes.flatMap(({ after }) => after?.resources ?? []));
    this.#changed();
    this.#setAlarm();
  }

  #tell({ before, after }: RequestChange, view: Viewpoint): void {
    if (!after) return;
    if (view.isWaiting(after) && !(before && view.isWaiting(before))) this.#notify('waiting', after, view);
    const decision = `${after.id} ${after.state}`;
    if (!view.isOwn(after) || after.state === 'pending' || (before?.state ?? 'pending') !== 'pending' || this.#told.has(decision)) return;
    this.#told.add(decision);
    this.#notify(after.state, after, view);
  }

  #notify(kind: RequestNotice['kind'], request: RequestFacts, view: Viewpoint): void {
    const texts = noticeTexts(kind, request, { view, cluster: this.#cluster.name, serverNow: this.serverNow() });
    this.#options.notify({ kind, cluster: this.#options.key, request: request.id, ...texts });
  }

  #connected(state: FeedConnection, problem: AppError | null): void {
    if (state === this.#connection && problem?.message === this.#problem?.message) return;
    this.#connection = state;
    this.#problem = problem;
    if (state !== 'offline' && !this.#features) void this.#learnFeatures(this.#closing.signal);
    this.#changed();
  }

  async #learnFeatures(signal: AbortSignal): Promise<void> {
    const { clusters, background, key } = this.#options;
    const asking = clusters.ask(key, '', (client) => client.requests.features(signal));
    try {
      const features = await reported(background, { what: 'to learn what the cluster offers for access requests', cluster: key }, asking);
      if (signal.aborted) return;
      this.#features = features;
      this.#revision++;
      this.#changed();
    } catch {
      // The cluster is asked again once it answers.
    }
  }

  #setClock(offset: number, signal: AbortSignal): void {
    if (signal.aborted || offset === this.#clockOffset) return;
    this.#clockOffset = offset;
    this.#setAlarm();
    this.#changed();
  }

  #changed(): void {
    this.#revision++;
    if (!this.#isClosed) this.#options.onChange();
  }

  /** Sets the alarm for the next warning or the next end of a request. */
  #setAlarm(): void {
    const now = this.serverNow();
    const ends: number[] = [];
    for (const request of this.#list.values()) if (request.requestExpires !== null) ends.push(request.requestExpires);
    for (const { id, expires } of this.#cluster.activeRequests.map((active) => this.#assumed(active))) {
      if (expires === null || expires <= now || this.#warned.has(id) || !this.#list.get(id)) continue;
      ends.push(Math.max(now, expires - tenMinutes));
    }
    const next = ends.reduce((least, end) => Math.min(least, end), Infinity);
    this.#alarm.set(Number.isFinite(next) ? next - this.#clockOffset : null);
  }

  #onTime(): void {
    const now = this.serverNow();
    const { view } = this;
    for (const { id, expires } of this.#cluster.activeRequests.map((active) => this.#assumed(active))) {
      const request = this.#list.get(id);
      if (expires === null || expires - tenMinutes > now || expires <= now || this.#warned.has(id) || !request) continue;
      this.#warned.add(id);
      this.#notify('expiring', { ...request, expires }, view);
    }
    const over = [...this.#list.values()].filter((request) => request.requestExpires !== null && request.requestExpires <= now);
    this.#apply(over.flatMap((request) => this.#list.remove(request.id)));
    this.#setAlarm();
  }
}
