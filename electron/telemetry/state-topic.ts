import { Topic, type TopicSource } from '../../shared/ipc/server.ts';
import type { TelemetryState } from '../../shared/model/telemetry.ts';
import type { Clock } from './clock.ts';

/** Changes that come together are published once. */
const quietMs = 100;

/** The state that the page shows, read anew on each change. */
export class StateTopic implements TopicSource<TelemetryState> {
  readonly #topic: Topic<TelemetryState>;
  readonly #read: () => TelemetryState;
  readonly #clock: Clock;
  #due: (() => void) | null = null;

  constructor(read: () => TelemetryState, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
    this.#topic = new Topic(read());
  }

  get(): TelemetryState {
    return this.#topic.get();
  }

  onChange(listener: (value: TelemetryState) => void): () => void {
    return this.#topic.onChange(listener);
  }

  publish(): void {
    this.stop();
    this.#topic.set(this.#read());
  }

  /** Publishes later, so that recording an event never waits for it. */
  publishSoon(): void {
    this.#due ??= this.#clock.after(quietMs, () => this.publish());
  }

  /** Cancels a pending publish. */
  stop(): void {
    this.#due?.();
    this.#due = null;
  }
}
