/*
 * Usage events, sent only with the person's consent. `Consent` says whether events may be recorded. `Recorder` turns what happened
 * into an event without names: `anonymize.ts` replaces each name by a hash, and its type keeps plain names out of everything after
 * it. `delivery/` keeps events in the `Outbox` and sends them to the collector; `History` remembers what became of them, and the
 * two topics show all of it on the page. Without consent nothing is recorded, and no file is made.
 * Time, files and settings are passed in, so that tests own them.
 */
import { existsSync } from 'node:fs';
import { AppError } from '../../shared/errors/app-error.ts';
import type { TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { RecordedEvents, TelemetryState } from '../../shared/model/telemetry.ts';
import { type BackgroundReporter, inBackground } from '../lib/background.ts';
import { orAborted } from '../lib/deadline.ts';
import type { ProxyEnvironment } from '../teleport/connect/proxy-from-environment.ts';
import { type TelemetryCalls, telemetryCalls, ticketCalls } from './calls.ts';
import { type Clock, systemClock } from './clock.ts';
import { ownHashes } from './cluster-facts.ts';
import { Consent, type SettingsAccess } from './consent.ts';
import { parseCollector } from './delivery/collector-address.ts';
import { Delivery } from './delivery/delivery.ts';
import { Outbox } from './delivery/outbox.ts';
import type { Files } from './delivery/record-file.ts';
import type { StampedEvent, UsageEvent } from './events.ts';
import { EventsTopic } from './events-topic.ts';
import { History, type Outcome } from './history.ts';
import { InstallationId } from './installation-id.ts';
import { Recorder } from './recorder.ts';
import { StateTopic } from './state-topic.ts';

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
  background: BackgroundReporter;
  /** Where events go when no setting says so; for development. */
  collector?: string;
  proxies?: ProxyEnvironment;
  clock?: Clock;
  /** PEM roots instead of the system's, and files instead of the disk's, for tests. */
  ca?: string[];
  files?: Files;
}

const sending = { what: 'to send usage events', cluster: '' };
const erasing = { what: 'to delete what was recorded of usage events', cluster: '' };
/** Closing the app waits no longer than this for the last events. */
const flushMs = 2000;
/** Events of an earlier run are read after the window is there, unless somebody asks for them before. */
export const loadAfterMs = 3000;

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
  readonly #state: StateTopic;
  readonly #recorder: Recorder;
  readonly #unsubscribe: (() => void)[];
  #installationId: string | null = null;
  #problem: string | null = null;
  #isClosed = false;

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
    this.#recorder = new Recorder({
      clusters: options.clusters,
      clock: this.#clock,
      appVersion: options.appVersion,
      note,
      take: (event) => this.#take(event),
    });
    this.#events = new EventsTopic(this.#outbox, this.#history, this.#clock, () => void (this.#outbox.isLoaded || this.#load()));
    this.#state = new StateTopic(() => this.#readState(), this.#clock);
    this.#unsubscribe = [options.settings.onChange(() => this.#settingsChanged()), options.clusters.onChange(() => this.#clustersChanged())];
    if (this.#consent.allowed) void this.#apply(loadAfterMs);
    else if (existsSync(folder)) inBackground(options.background, erasing, this.#erase());
  }

  get topics(): { telemetry: TopicSource<TelemetryState>; 'telemetry-events': TopicSource<RecordedEvents> } {
    return { telemetry: this.#state, 'telemetry-events': this.#events };
  }

  get calls(): TelemetryCalls {
    return telemetryCalls({
      state: this.#state,
      events: this.#events,
      find: async (id) => {
        await this.#readAll();
        return this.#outbox.get(id) ?? this.#history.get(id);
      },
      readAll: () => this.#readAll(),
      record: (event) => this.record(event),
      decide: (answer) => this.#decide(answer),
      jobRole: (role) => this.#jobRole(role),
      deleteAll: () => this.#deleteAll(),
    });
  }

  /** For the session host: the one place where the use of shells and gateways, and the transfers of files, are reported. */
  readonly ticketCalls = ticketCalls((event) => this.record(event));

  /** To be called after each successful login. */
  loggedIn(login: { cluster: ClusterKey; connector: 'local' | 'passwordless' | 'github' | 'saml' | 'oidc' }): void {
    this.record({ event: 'cluster_login', ...login });
  }

  /** Records that something happened. Returns at once, never throws, and does nothing without consent. */
  record(event: UsageEvent): void {
    if (this.#consent.allowed && this.#installationId !== null && !this.#isClosed) this.#recorder.record(event, this.#installationId);
  }

  /** Resolves once the unsent events of an earlier run are in the queue. */
  async ready(): Promise<void> {
    if (this.#consent.allowed) await this.#load();
  }

  /** Sends waiting events and leaves everything on disk, within 2 s. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#recorder.clear();
    const end = AbortSignal.timeout(flushMs);
    await orAborted(this.#delivery.flush(end), end).catch(() => {}); // events that could not be sent in time stay on disk
    this.#delivery.to(null);
    this.#state.stop();
    this.#events.close();
    await orAborted(Promise.all([this.#outbox.settled(), this.#history.settled()]), end).catch(() => {}); // a hanging disk must not keep the app open
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
    this.#state.publish();
  }

  /** Starts or stops recording and sending as the settings say. The promise is about erasing, which ends later than it takes effect. */
  #apply(loadAfter = 0): Promise<void> {
    let erased = Promise.resolve();
    if (this.#isClosed) return erased;
    if (!this.#consent.allowed) {
      if (this.#installationId !== null) erased = this.#switchOff();
    } else {
      const first = this.#installationId === null;
      this.#installationId ??= this.#installation.take();
      if (!first) this.#deliver();
      else if (loadAfter > 0) this.#clock.after(loadAfter, () => void this.#load());
      else void this.#load();
    }
    this.#state.publish();
    return erased;
  }

  async #readAll(): Promise<void> {
    await Promise.all([this.#load(), this.#history.load()]);
  }

  async #load(): Promise<void> {
    if (this.#isClosed || this.#installationId === null) return;
    await this.#outbox.load();
    this.#loaded();
  }

  #loaded(): void {
    if (!this.#isClosed) this.#deliver();
    this.#events.changed();
    this.#state.publish();
  }

  #settingsChanged(): void {
    inBackground(this.#options.background, erasing, this.#apply());
  }

  #switchOff(): Promise<void> {
    this.#delivery.to(null);
    this.#installationId = null;
    this.#problem = null;
    this.#recorder.clear();
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

  #take(event: StampedEvent): void {
    this.#outbox.add(event);
    if (!this.#outbox.isLoaded) void this.#load();
    this.#delivery.poke();
    this.#recorded();
  }

  #clustersChanged(): void {
    if (this.#installationId !== null) this.#recorder.offerAgain(this.#installationId);
    this.#state.publish();
  }

  #collector(): string {
    return this.#options.settings.get().collector.trim() || (this.#options.collector ?? '');
  }

  #deliver(): void {
    const collector = this.#consent.allowed && this.#outbox.isLoaded ? parseCollector(this.#collector()) : null;
    this.#delivery.to(collector && 'url' in collector ? collector.url : null);
  }

  #settled(event: StampedEvent, outcome: Outcome): void {
    this.#history.add(event, outcome, this.#clock.now());
    this.#recorded();
  }

  #problemChanged(problem: string | null): void {
    const { background } = this.#options;
    if (problem) background.failed(sending, new AppError('unreachable', problem));
    else background.worked(sending);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#recorded();
  }

  #recorded(): void {
    this.#events.changed();
    this.#state.publishSoon();
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
