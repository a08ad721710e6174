import { join } from 'node:path';
import { readStamped, type StampedEvent } from '../events.ts';
import { type Files, RecordFile } from './record-file.ts';

/** Without a collector in reach events pile up; a person's work of some weeks fits, and the oldest are dropped. */
export const maxWaiting = 1000;
export const maxWaitingBytes = 1024 * 1024;

export interface OutboxOptions {
  folder: string;
  note(message: string): void;
  /** Called with each event that the limit removed. */
  onOverflow(event: StampedEvent): void;
  files?: Files;
}

/**
 * Events that wait to be sent, oldest first, in memory and in `outbox.jsonl`. Each event is one record when it is added and one
 * short record when it is gone, so a crash loses at most the record that was being written. Bounded by number and size; the oldest
 * are dropped.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #file: RecordFile;
  #waiting = new Map<string, { event: StampedEvent; bytes: number }>();
  #bytes = 0;
  #droppedByLimit = 0;
  #loading: Promise<void> | null = null;
  #isLoaded = false;
  #isCleared = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#file = new RecordFile({
      path: join(options.folder, 'outbox.jsonl'),
      header: () => ({ droppedByLimit: this.#droppedByLimit }),
      records: () => this.#records(),
      note: options.note,
      ...(options.files ? { files: options.files } : {}),
    });
  }

  /** Reads the events of an earlier run. Starts by itself with the first new event, which goes behind the older ones. */
  load(): Promise<void> {
    this.#loading ??= this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    const { header, records } = await this.#file.load();
    this.#isLoaded = true;
    if (this.#isCleared) return;
    const added = this.#waiting;
    this.#waiting = new Map();
    this.#bytes = 0;
    const dropped = header.droppedByLimit;
    if (typeof dropped === 'number' && Number.isSafeInteger(dropped) && dropped > 0) this.#droppedByLimit += dropped;
    for (const record of records) this.#replay(record);
    for (const { event, bytes } of added.values()) this.#keep(event, bytes);
    this.#evict();
  }

  /** Whether the events of an earlier run have been read. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  get waiting(): StampedEvent[] {
    return [...this.#waiting.values()].map(({ event }) => event);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Number of events that the limit removed since usage events were allowed. */
  get droppedByLimit(): number {
    return this.#droppedByLimit;
  }

  /** The first `count` in line. */
  first(count: number): StampedEvent[] {
    const events: StampedEvent[] = [];
    for (const { event } of this.#waiting.values()) {
      if (events.length === count) break;
      events.push(event);
    }
    return events;
  }

  get(id: string): StampedEvent | null {
    return this.#waiting.get(id)?.event ?? null;
  }

  add(event: StampedEvent): void {
    void this.load();
    this.#keep(event, JSON.stringify(event).length);
    this.#file.append(event);
    this.#evict();
  }

  /** Removes an event that was sent, or will never be. */
  settle(id: string): void {
    if (this.#remove(id)) this.#file.append({ gone: id });
  }

  /** Moves an event behind all others. */
  moveToEnd(id: string): void {
    const kept = this.#waiting.get(id);
    if (!kept) return;
    this.#waiting.delete(id);
    this.#waiting.set(id, kept);
  }

  /** Forgets everything and deletes the file. Throws when the file cannot be deleted. */
  clear(): Promise<void> {
    this.#isCleared = true;
    this.#waiting.clear();
    this.#bytes = 0;
    this.#droppedByLimit = 0;
    return this.#file.remove();
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }

  *#records(): Iterable<object> {
    for (const { event } of this.#waiting.values()) yield event;
  }

  #replay(record: unknown): void {
    if (typeof record === 'object' && record !== null && 'gone' in record) {
      this.#remove(String(record.gone));
      if ('limit' in record) this.#droppedByLimit += 1;
      return;
    }
    const event = readStamped(record);
    if (event) this.#keep(event, JSON.stringify(event).length);
    else this.#options.note('outbox.jsonl: a record that is no usage event was skipped');
  }

  #keep(event: StampedEvent, bytes: number): void {
    this.#remove(event.id);
    this.#waiting.set(event.id, { event, bytes });
    this.#bytes += bytes;
  }

  #remove(id: string): boolean {
    const kept = this.#waiting.get(id);
    if (!kept) return false;
    this.#waiting.delete(id);
    this.#bytes -= kept.bytes;
    return true;
  }

  #evict(): void {
    for (const [id, { event }] of this.#waiting) {
      if (this.#waiting.size <= maxWaiting && this.#bytes <= maxWaitingBytes) return;
      this.#remove(id);
      this.#droppedByLimit += 1;
      this.#file.append({ gone: id, limit: true });
      this.#options.onOverflow(event);
    }
  }
}
