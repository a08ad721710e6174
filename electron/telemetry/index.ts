import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as os from 'node:os';
import { AppError } from '../../shared/errors/app-error.ts';
import type { MainContract } from '../../shared/ipc/contract.ts';
import { type Handlers, Topic, type TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { RecordedEvents, TelemetryState } from '../../shared/model/telemetry.ts';
import type { ProxyEnvironment } from '../teleport/proxy-from-environment.ts';
import { type Clock, systemClock } from './clock.ts';
import { clusterFacts, ownHashes } from './cluster-facts.ts';
import { loadCodec } from './codec.ts';
import { parseCollector } from './collector-address.ts';
import { Consent, type SettingsAccess } from './consent.ts';
import { Delivery } from './delivery.ts';
import { type Environment, type StampedEvent, toOutgoing, type UsageEvent } from './events.ts';
import { EventsTopic } from './events-topic.ts';
import { History, type Outcome } from './history.ts';
import { InstallationId } from './installation-id.ts';
import { Outbox } from './outbox.ts';
import type { Files } from './record-file.ts';
import { UnnamedEvents } from './unnamed-events.ts';

export type { SettingsAccess, TelemetrySettings } from './consent.ts';
export type { UsageEvent } from './events.ts';

export interface TelemetryOptions {
  /** A folder of telemetry's own. It is made once something is recorded. */
  folder: string;
  settings: SettingsAccess;
  clusters: TopicSource<Cluster[]>;
  appVersion: string;
  /** Notes for the log. They hold no names, hashes or ids. */
  note(message: string): void;
  /** Where events go when no setting says so; for development. */
  collector?: string;
  proxies?: ProxyEnvironment;
  clock?: Clock;
  /** PEM roots instead of the system's, and files instead of the disk's, for tests. */
  ca?: string[];
  files?: Files;
}

type TelemetryCall = 'telemetry.decide' | 'telemetry.job-role' | 'telemetry.bytes' | 'telemetry.export' | 'telemetry.delete-all';

const flushMs = 2000;

/** Usage events: asked for, recorded, shown and sent. Does nothing at all until the person allows it. */
export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #clock: Clock;
  readonly #consent: Consent;
  readonly #installation: InstallationId;
  readonly #outbox: Outbox;
  readonly #history: History;
  readonly #delivery: Delivery;
  readonly #events: EventsTopic;
  readonly #state: Topic<TelemetryState>;
  readonly #unsubscribe: (() => void)[];
  readonly #unnamed: UnnamedEvents;
  #installationId: string | null = null;
  #problem: string | null = null;
  #stateDue: (() => void) | null = null;
  #closed = false;

  constructor(options: TelemetryOptions) {
    const { folder, files } = options;
    const note = (message: string) => options.note(message);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#consent = new Consent(options.settings);
    this.#installation = new InstallationId(folder, note);
    const onOverflow = (event: StampedEvent) => this.#settled(event, { state: 'dropped', reason: 'limit', detail: '' });
    this.#outbox = new Outbox({ folder, note, onOverflow, ...(files ? { files } : {}) });
    this.#history = new History({ folder, note, ...(files ? { files } : {}) });
    this.#delivery = new Delivery({
      outbox: this.#outbox,
      clock: this.#clock,
      userAgent: `slipway/${options.appVersion}`,
      proxies: options.proxies ?? process.env,
      ...(options.ca ? { ca: options.ca } : {}),
      onSettled: (event, outcome) => this.#settled(event, outcome),
      onProblem: (problem) => this.#problemChanged(problem),
    });
    this.#unnamed = new UnnamedEvents(this.#clock, note);
    this.#events = new EventsTopic(this.#outbox, this.#history, this.#clock);
    this.#state = new Topic(this.#readState());
    this.#unsubscribe = [options.settings.onChange(() => this.#settingsChanged()), options.clusters.onChange(() => this.#clustersChanged())];
    if (this.#consent.allowed) void this.#apply();
    else if (existsSync(folder)) void this.#erase().catch(() => note('what an earlier run recorded could not be deleted'));
  }

  get topics(): { telemetry: TopicSource<TelemetryState>; 'telemetry-events': TopicSource<RecordedEvents> } {
    return { telemetry: this.#state, 'telemetry-events': this.#events };
  }

  readonly calls: Pick<Handlers<MainContract>['calls'], TelemetryCall> = {
    'telemetry.decide': async ({ answer }) => {
      await this.#decide(answer);
      return null;
    },
    'telemetry.job-role': async ({ role }) => {
      await this.#jobRole(role);
      return null;
    },
    'telemetry.bytes': async ({ id }) => {
      await this.#history.load();
      const event = this.#outbox.get(id) ?? this.#history.get(id);
      if (!event) throw new AppError('not-found', 'This event is no longer kept.');
      const { encode } = await loadCodec();
      return { hex: event.distinctId === '' ? null : Buffer.from(encode(event)).toString('hex') };
    },
    'telemetry.export': async () => {
      await this.#history.load();
      const { installationId, consent, collector, droppedByLimit } = this.#state.get();
      return { json: `${JSON.stringify({ installationId, consent, collector, droppedByLimit, events: this.#events.list() }, null, 2)}\n` };
    },
    'telemetry.delete-all': async () => {
      await this.#deleteAll();
      return null;
    },
  };

  /** For the session host: the one place where the use of shells and gateways, and the transfers of files, are reported. */
  readonly ticketCalls = {
    'session.opened': ({ cluster, protocol, origin }: { cluster: ClusterKey; protocol: 'ssh' | 'db' | 'kube' | 'app'; origin: string }): null => {
      this.record({ event: 'protocol_use', cluster, protocol, origin, through: protocol === 'ssh' ? 'proxy_service' : 'local_proxy' });
      return null;
    },
    'transfer.started': ({ cluster, upload }: { cluster: ClusterKey; upload: boolean }): null => {
      this.record({ event: 'file_transfer_run', cluster, upload });
      return null;
    },
  };

  /** To be called after each successful login. */
  loggedIn(login: { cluster: ClusterKey; connector: 'local' | 'passwordless' | 'github' | 'saml' | 'oidc' }): void {
    this.record({ event: 'cluster_login', ...login });
  }

  /** Notes that something happened. Returns at once, never throws, and does nothing without consent. */
  record(event: UsageEvent): void {
    if (!this.#consent.allowed || this.#installationId === null || this.#closed) return;
    const time = Math.min(Math.max(this.#clock.now(), 0), Date.UTC(9999, 11, 31));
    if (!this.#take(event, time)) this.#unnamed.add(event, time);
  }

  /** Resolves once what an earlier run left to be sent is in the queue. */
  async ready(): Promise<void> {
    if (this.#consent.allowed) await this.#outbox.load();
  }

  /** Sends what waits and leaves everything on disk, within 2 s. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#unnamed.clear();
    const deadline = AbortSignal.timeout(flushMs);
    const late = new Promise<void>((resolve) => deadline.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.#delivery.flush(deadline), late]);
    this.#delivery.to(null);
    this.#stateDue?.();
    this.#events.close();
    await Promise.race([Promise.all([this.#outbox.settled(), this.#history.settled()]), late]);
  }

  async #decide(answer: 'allow' | 'decline' | 'later'): Promise<void> {
    if (answer === 'later') this.#consent.putAway();
    if (answer === 'allow') await this.#consent.allow();
    if (answer === 'decline') this.#consent.decline();
    const erased = this.#apply();
    await Promise.all([answer === 'decline' ? this.#consent.saveRefusal() : null, erased]);
  }

  async #deleteAll(): Promise<void> {
    this.#delivery.to(null);
    try {
      await Promise.all([this.#outbox.clear(), this.#history.clear()]);
    } catch (cause) {
      throw new AppError('disk', 'The events were forgotten, but their files could not be deleted. Look into Slipway’s data folder.', { cause });
    } finally {
      this.#loaded();
    }
  }

  async #jobRole(role: string | null): Promise<void> {
    if (!this.#consent.allowed) throw new AppError('conflict', 'Usage events are off, so your role was not noted.');
    await this.#consent.jobRoleAsked();
    if (role !== null) this.record({ event: 'user_job_role_update', role });
    this.#publish();
  }

  /** Brings what is running in line with the settings. The promise is about erasing, which ends later than it begins to count. */
  #apply(): Promise<void> {
    let erased = Promise.resolve();
    if (this.#closed) return erased;
    if (!this.#consent.allowed) {
      if (this.#installationId !== null) erased = this.#switchOff();
    } else {
      const first = this.#installationId === null;
      this.#installationId ??= this.#installation.take();
      if (first) void this.#outbox.load().then(() => this.#loaded());
      else this.#deliver();
    }
    this.#publish();
    return erased;
  }

  #loaded(): void {
    if (!this.#closed) this.#deliver();
    this.#events.changed();
    this.#publish();
  }

  #settingsChanged(): void {
    void this.#apply().catch(() => this.#options.note('usage events were switched off, but what was waiting could not be deleted'));
  }

  #switchOff(): Promise<void> {
    this.#delivery.to(null);
    this.#installationId = null;
    this.#problem = null;
    this.#unnamed.clear();
    for (const event of this.#outbox.waiting) this.#history.add(event, { state: 'dropped', reason: 'switched-off', detail: '' }, this.#clock.now());
    this.#events.changed();
    return this.#erase();
  }

  async #erase(): Promise<void> {
    try {
      this.#installation.remove();
      await Promise.all([this.#outbox.clear(), this.#history.forgetInstallation()]);
      this.#events.changed();
    } catch (cause) {
      throw new AppError('disk', 'Usage events are off, but what was waiting could not be deleted from disk. Look into Slipway’s data folder.', {
        cause,
      });
    }
  }

  #take(event: UsageEvent, time: number): boolean {
    if (this.#installationId === null) return true;
    try {
      const outgoing = toOutgoing(event, 'cluster' in event ? clusterFacts(this.#options.clusters.get(), event.cluster) : null, this.#environment());
      if (!outgoing) return false;
      this.#outbox.add({ ...outgoing, id: randomUUID(), time, distinctId: this.#installationId });
      this.#delivery.poke();
      this.#recorded();
    } catch (caught) {
      this.#options.note(
        `a ${event.event} event was dropped: ${AppError.from(caught).code === 'invalid-argument' ? 'the cluster’s id is no UUID' : 'it could not be made'}`,
      );
    }
    return true;
  }

  #clustersChanged(): void {
    this.#unnamed.offer((event, time) => this.#take(event, time));
    this.#publish();
  }

  #environment(): Environment {
    return { arch: os.arch(), os: process.platform, osVersion: os.release(), appVersion: this.#options.appVersion };
  }

  #collector(): string {
    return this.#options.settings.get().collector.trim() || (this.#options.collector ?? '');
  }

  #deliver(): void {
    const collector = this.#consent.allowed ? parseCollector(this.#collector()) : null;
    this.#delivery.to(collector && 'url' in collector ? collector.url : null);
  }

  #settled(event: StampedEvent, outcome: Outcome): void {
    this.#history.add(event, outcome, this.#clock.now());
    this.#recorded();
  }

  #problemChanged(problem: string | null): void {
    if (problem === this.#problem) return;
    if (problem) this.#options.note(`usage events could not be sent: ${problem}`);
    this.#problem = problem;
    this.#recorded();
  }

  /** The counts and the list changed; told a little later, off the path of whoever recorded. */
  #recorded(): void {
    this.#events.changed();
    this.#stateDue ??= this.#clock.after(100, () => this.#publish());
  }

  #publish(): void {
    this.#stateDue?.();
    this.#stateDue = null;
    this.#state.set(this.#readState());
  }

  #readState(): TelemetryState {
    const { managed } = this.#options.settings.get();
    const collector = parseCollector(this.#collector());
    return {
      consent: this.#consent.state,
      ask: this.#consent.ask,
      collector: this.#collector(),
      collectorProblem: collector && 'problem' in collector ? collector.problem : null,
      managed,
      installationId: this.#installationId,
      waiting: this.#outbox.size,
      droppedByLimit: this.#outbox.droppedByLimit,
      problem: this.#problem,
      hashes: ownHashes(this.#options.clusters.get()),
    };
  }
}
