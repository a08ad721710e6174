import { randomUUID } from 'node:crypto';
import * as os from 'node:os';
import { AppError } from '../../shared/errors/app-error.ts';
import type { TopicSource } from '../../shared/ipc/server.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import type { Clock } from './clock.ts';
import { clusterFacts } from './cluster-facts.ts';
import { type StampedEvent, toOutgoing, type UsageEvent } from './events.ts';
import { UnnamedEvents } from './unnamed-events.ts';

export interface RecorderOptions {
  clusters: TopicSource<Cluster[]>;
  clock: Clock;
  appVersion: string;
  note(message: string): void;
  /** Takes the finished event. */
  take(event: StampedEvent): void;
}

/** Anonymises and stamps an event. If the id of its cluster, the key of the hash, is not known yet, the event waits for it. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #unnamed: UnnamedEvents;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#unnamed = new UnnamedEvents(options.clock, options.note);
  }

  /** Never throws. */
  record(event: UsageEvent, installationId: string): void {
    const time = Math.min(Math.max(this.#options.clock.now(), 0), Date.UTC(9999, 11, 31));
    if (!this.#stamp(event, time, installationId)) this.#unnamed.add(event, time);
  }

  /** Has to be called when clusters have changed. */
  offerAgain(installationId: string): void {
    this.#unnamed.offer((event, time) => this.#stamp(event, time, installationId));
  }

  /** Drops the events that wait for their cluster's id. */
  clear(): void {
    this.#unnamed.clear();
  }

  #stamp(event: UsageEvent, time: number, distinctId: string): boolean {
    const { clusters, appVersion, note, take } = this.#options;
    const environment = { arch: os.arch(), os: process.platform, osVersion: os.release(), appVersion };
    try {
      const outgoing = toOutgoing(event, 'cluster' in event ? clusterFacts(clusters.get(), event.cluster) : null, environment);
      if (!outgoing) return false;
      take({ ...outgoing, id: randomUUID(), time, distinctId });
    } catch (caught) {
      note(
        `a ${event.event} event was dropped: ${AppError.from(caught).code === 'invalid-argument' ? 'the cluster’s id is no UUID' : 'it could not be made'}`,
      );
    }
    return true;
  }
}
