import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as z from 'zod';
import { logInAs } from '../../electron/clusters/testing/log-in.ts';
import { TestService, uncancelled } from '../../electron/clusters/testing/service.ts';
import { AccessRequestService, type RequestUse } from '../../electron/requests/access-request-service.ts';
import type { FeedTimes } from '../../electron/requests/request-feed.ts';
import { noBackground } from '../../electron/testing/background.ts';
import {
  type AccessRequest,
  type RequestDraft,
  type RequestNotice,
  type RequestQuery,
  type RequestsOverview,
  requestDraftSchema,
  requestQuerySchema,
} from '../../shared/model/access-request.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { EmbeddedCluster } from '../cluster/index.ts';

export const quickTimes: FeedTimes = { pollMs: 100, reconcileMs: 60_000, retryMs: [50, 200] };

export interface PersonOptions {
  now?: () => number;
  times?: FeedTimes;
  /** What it waits for after the login; `live` unless told. */
  until?: RequestsOverview['connection'];
}

/** One person with an app of their own: logged in to the cluster, and following its access requests. */
export class Person {
  readonly name: string;
  readonly key: ClusterKey;
  readonly clusters: TestService;
  readonly uses: RequestUse[] = [];
  readonly basketsPath: string;
  requests: AccessRequestService;
  readonly #folder = mkdtempSync(join(tmpdir(), 'slipway-baskets-'));
  readonly #options: PersonOptions;

  private constructor(name: string, key: ClusterKey, clusters: TestService, options: PersonOptions) {
    this.name = name;
    this.key = key;
    this.clusters = clusters;
    this.#options = options;
    this.basketsPath = join(this.#folder, 'baskets.json');
    this.requests = this.#make();
  }

  static async logIn(cluster: EmbeddedCluster, name: string, options: PersonOptions = {}): Promise<Person> {
    const test = await TestService.start(options.now ? { now: options.now } : {});
    const { calls } = test;
    await calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
    const { key } = await calls['clusters.add']({ address: cluster.address }, uncancelled);
    const login = await logInAs(test.service, key, cluster.user(name));
    const person = new Person(name, login, test, options);
    const { until: wanted = 'live' } = options;
    await person.until((overview) => overview.connection === wanted, 30_000);
    return person;
  }

  get calls() {
    return this.requests.handlers;
  }

  get overview(): RequestsOverview | undefined {
    return this.requests.topic.get()[this.key];
  }

  get notices(): RequestNotice[] {
    return this.requests.notices.get();
  }

  get certificate() {
    return this.clusters.cluster(this.key)!;
  }

  async list(query: Omit<RequestQuery, 'cluster'> = {}): Promise<AccessRequest[]> {
    const full: z.output<typeof requestQuerySchema> = requestQuerySchema.parse({ cluster: this.key, ...query });
    return (await this.calls['requests.list'](full, uncancelled)).requests;
  }

  create(draft: RequestDraft) {
    return this.calls['requests.create']({ cluster: this.key, draft: requestDraftSchema.parse(draft) }, uncancelled);
  }

  dryRun(draft: RequestDraft) {
    return this.calls['requests.dry-run']({ cluster: this.key, draft: requestDraftSchema.parse(draft) }, uncancelled);
  }

  get(id: string) {
    return this.calls['requests.get']({ cluster: this.key, id }, uncancelled);
  }

  review(id: string, decision: 'approve' | 'deny', reason = '', assumeStart: number | null = null) {
    return this.calls['requests.review']({ cluster: this.key, id, decision, reason, assumeStart }, uncancelled);
  }

  async assume(...ids: string[]): Promise<void> {
    await this.calls['requests.assume']({ cluster: this.key, ids }, uncancelled);
  }

  async drop(...ids: string[]): Promise<void> {
    await this.calls['requests.drop']({ cluster: this.key, ids: ids.length > 0 ? ids : null }, uncancelled);
  }

  /** Waits until the overview, or anything else, is as wanted. Answers how long it took, milliseconds. */
  async until(wanted: (overview: RequestsOverview) => unknown, ms = 5000): Promise<number> {
    const began = performance.now();
    while (!this.overview || !(await wanted(this.overview))) {
      if (performance.now() - began > ms) throw new Error(`the overview never came to be as wanted: ${JSON.stringify(this.overview)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return performance.now() - began;
  }

  /** As after a restart of the app. */
  async restart(): Promise<void> {
    await this.requests.close();
    this.requests = this.#make();
    await this.until((overview) => overview.connection === 'live');
  }

  async close(): Promise<void> {
    await this.requests.close();
    await this.clusters.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #make(): AccessRequestService {
    const service = new AccessRequestService({
      clusters: this.clusters.service,
      background: noBackground,
      basketsPath: this.basketsPath,
      startDelayMs: 0,
      times: this.#options.times ?? quickTimes,
      ...(this.#options.now ? { now: this.#options.now } : {}),
    });
    service.onUse((use) => this.uses.push(use));
    return service;
  }
}
