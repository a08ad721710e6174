import type { TopicSource } from '../../shared/ipc/server.ts';
import type { RecordedEvent, RecordedEvents } from '../../shared/model/telemetry.ts';
import type { Clock } from './clock.ts';
import type { Outbox } from './delivery/outbox.ts';
import type { History } from './history.ts';

/** Ten updates a second look live; more would only cost work. */
const publishEvery = 100;

/**
 * The page's list: settled events, then waiting ones. Costs nothing until a page subscribes, and is updated at most ten times a
 * second.
 */
export class EventsTopic implements TopicSource<RecordedEvents> {
  readonly #outbox: Outbox;
  readonly #history: History;
  readonly #clock: Clock;
  readonly #looked: () => void;
  readonly #listeners = new Set<(value: RecordedEvents) => void>();
  #shown = new Map<string, { source: object; event: RecordedEvent }>();
  #due: (() => void) | null = null;

  /** `looked` is called when a page subscribes, because waiting events may not have been read yet. */
  constructor(outbox: Outbox, history: History, clock: Clock, looked: () => void) {
    this.#outbox = outbox;
    this.#history = history;
    this.#clock = clock;
    this.#looked = looked;
  }

  get(): RecordedEvents {
    this.#looked();
    void this.#history.load().then(() => this.changed());
    return this.#build();
  }

  list(): RecordedEvent[] {
    return Object.values(this.#build());
  }

  onChange(listener: (value: RecordedEvents) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    if (this.#listeners.size > 0) this.#due ??= this.#clock.after(publishEvery, () => this.#tell());
  }

  close(): void {
    this.#due?.();
    this.#listeners.clear();
  }

  #tell(): void {
    this.#due = null;
    const value = this.#build();
    for (const listener of [...this.#listeners]) listener(value);
  }

  /** Unchanged entries stay the same objects, which makes patches small. */
  #build(): RecordedEvents {
    const before = this.#shown;
    this.#shown = new Map();
    for (const source of this.#history.events) {
      const { outcome, settled } = source;
      const dropped = outcome.state === 'dropped';
      this.#show(before, source, { state: outcome.state, reason: dropped ? outcome.reason : null, detail: dropped ? outcome.detail : '', settled });
    }
    for (const source of this.#outbox.waiting) this.#show(before, source, { state: 'waiting', reason: null, detail: '', settled: null });
    return Object.fromEntries([...this.#shown].map(([id, { event }]) => [id, event]));
  }

  #show(
    before: ReadonlyMap<string, { source: object; event: RecordedEvent }>,
    source: Pick<RecordedEvent, 'id' | 'time' | 'event' | 'distinctId' | 'fields'>,
    standing: Pick<RecordedEvent, 'state' | 'reason' | 'detail' | 'settled'>,
  ): void {
    const kept = before.get(source.id);
    if (kept?.source === source) return void this.#shown.set(source.id, kept);
    const { id, time, event, distinctId, fields } = source;
    this.#shown.set(id, { source, event: { id, time, event, distinctId, fields, ...standing } });
  }
}
