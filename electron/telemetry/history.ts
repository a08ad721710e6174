import { join } from 'node:path';
import * as z from 'zod';
import { dropReasons } from '../../shared/model/telemetry.ts';
import { type Files, RecordFile } from './delivery/record-file.ts';
import { readStamped, type StampedEvent } from './events.ts';

/** The page lists all of them at once; older results are of no interest. */
export const maxSettled = 1000;

export type Outcome = { state: 'sent' } | { state: 'dropped'; reason: (typeof dropReasons)[number]; detail: string };
export type SettledEvent = StampedEvent & { outcome: Outcome; settled: number };

const settledSchema = z.object({
  settled: z.number(),
  outcome: z.discriminatedUnion('state', [
    z.object({ state: z.literal('sent') }),
    z.object({ state: z.literal('dropped'), reason: z.enum(dropReasons), detail: z.string().max(500) }),
  ]),
});

export interface HistoryOptions {
  folder: string;
  note(message: string): void;
  files?: Files;
}

/** The results of the last `maxSettled` events, in memory and in `history.jsonl`, which is read when first needed. */
export class History {
  readonly #options: HistoryOptions;
  readonly #file: RecordFile;
  readonly #events = new Map<string, SettledEvent>();
  #loading: Promise<void> | null = null;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#file = new RecordFile({
      path: join(options.folder, 'history.jsonl'),
      header: () => ({}),
      records: () => this.#events.values(),
      note: options.note,
      ...(options.files ? { files: options.files } : {}),
    });
  }

  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  /** Oldest first; before `load` is done, without the events of an earlier run. */
  get events(): SettledEvent[] {
    return [...this.#events.values()];
  }

  get(id: string): SettledEvent | null {
    return this.#events.get(id) ?? null;
  }

  add(event: StampedEvent, outcome: Outcome, settled: number): void {
    void this.load();
    const record = { ...event, outcome, settled };
    this.#events.set(event.id, record);
    this.#file.append(record);
    this.#trim();
  }

  /** Removes the installation id from every event; the results stay. */
  async forgetInstallation(): Promise<void> {
    await this.load();
    await this.#file.removeKept();
    if (this.events.every((event) => event.distinctId === '')) return;
    for (const [id, event] of this.#events) this.#events.set(id, { ...event, distinctId: '' });
    await this.#file.rewrite();
  }

  async clear(): Promise<void> {
    await this.load();
    this.#events.clear();
    await this.#file.remove();
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }

  async #load(): Promise<void> {
    const { records } = await this.#file.load();
    const added = [...this.#events];
    this.#events.clear();
    for (const record of records) {
      const event = readStamped(record);
      const rest = settledSchema.safeParse(record);
      if (event && rest.success) this.#events.set(event.id, { ...event, ...rest.data });
      else this.#options.note('history.jsonl: a record that is no usage event was skipped');
    }
    for (const [id, event] of added) this.#events.set(id, event);
    this.#trim();
  }

  #trim(): void {
    for (const id of this.#events.keys()) {
      if (this.#events.size <= maxSettled) return;
      this.#events.delete(id);
    }
  }
}
