import { AppError } from '../../shared/errors/app-error.ts';
import { orAborted } from './deadline.ts';

export interface SharedPoolOptions<T, V> {
  /**
   * Opens what `target` describes, for `key`. It is called before `lease` returns its promise. `signal` is aborted when nobody waits for it any more, or the pool is closed. `retire` takes the
   * value out of use for new leases, for example when the connection broke; it may be called at any time, also before `open` has resolved.
   */
  open(key: string, target: T, signal: AbortSignal, retire: () => void): Promise<V>;
  close(value: V): void;
  /** How long a value without a lease is kept, in milliseconds. Infinity keeps it until it is retired or closed. */
  keepMs: number;
  /** Whether a value that was not retired may be given out; asked before each lease. All may, unless this is set. */
  isUsable?(value: V): boolean;
}

/** The use of a pooled value until it is released. */
export interface Lease<V> {
  readonly value: V;
  /** Gives it back; a second call does nothing. The value is kept for a while for the next lease, or closed when it was retired. */
  release(): void;
  /** Takes the value out of use for new leases, when it does not answer any more. Leases that are out go on. */
  retire(): void;
}

/**
 * Values that are costly to open, such as connections, each shared by all who ask under its key at the same time. A value is closed when
 * nobody has used it for `keepMs`, or, once it is retired, as soon as its last lease is released.
 */
export class SharedPool<T, V> {
  readonly #options: SharedPoolOptions<T, V>;
  readonly #entries = new Map<string, Entry<V>>();
  #isClosed = false;

  constructor(options: SharedPoolOptions<T, V>) {
    this.#options = options;
  }

  /** The value of `key`, opened from `target` unless it is open or being opened. Rejects with the reason of an aborted signal, with the failure of the opening, or `closed`. */
  async lease(key: string, target: T, signal?: AbortSignal): Promise<Lease<V>> {
    if (this.#isClosed) throw new AppError('closed', 'Slipway is closing its connections.');
    const entry = this.#usable(key) ?? this.#open(key, target);
    entry.users++;
    clearTimeout(entry.idle);
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      entry.users--;
      this.#settle(key, entry);
    };
    try {
      const value = await (signal ? orAborted(entry.opening, signal) : entry.opening);
      return { value, release, retire: () => this.#retire(key, entry) };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Retires all values whose key passes the test. */
  retireWhere(test: (key: string) => boolean): void {
    for (const [key, entry] of this.#entries) if (test(key)) this.#retire(key, entry);
  }

  /** Closes all values whose key passes the test at once, also those that are in use. */
  closeWhere(test: (key: string) => boolean): void {
    for (const [key, entry] of this.#entries) {
      if (!test(key)) continue;
      this.#entries.delete(key);
      this.#end(entry);
    }
  }

  /** Closes everything; later leases are refused. */
  close(): void {
    this.#isClosed = true;
    this.closeWhere(() => true);
  }

  #usable(key: string): Entry<V> | undefined {
    const entry = this.#entries.get(key);
    if (entry?.value === undefined || (this.#options.isUsable?.(entry.value.it) ?? true)) return entry;
    this.#retire(key, entry);
    return undefined;
  }

  #open(key: string, target: T): Entry<V> {
    const abort = new AbortController();
    const entry: Entry<V> = { abort, users: 0, idle: undefined, value: undefined, isEnded: false, opening: Promise.resolve(undefined as V) };
    this.#entries.set(key, entry);
    entry.opening = this.#options.open(key, target, abort.signal, () => this.#retire(key, entry));
    entry.opening.then(
      (value) => {
        entry.value = { it: value };
        if (entry.isEnded) this.#options.close(value);
      },
      () => this.#forget(key, entry),
    );
    return entry;
  }

  #retire(key: string, entry: Entry<V>): void {
    this.#forget(key, entry);
    if (entry.users === 0) this.#end(entry);
  }

  /** Called after a lease was given back. */
  #settle(key: string, entry: Entry<V>): void {
    if (entry.users > 0) return;
    const isCurrent = this.#entries.get(key) === entry;
    if (isCurrent && entry.value) {
      if (this.#options.keepMs === Number.POSITIVE_INFINITY) return; // a timer for infinity would fire at once
      entry.idle = setTimeout(() => this.#retire(key, entry), this.#options.keepMs);
      entry.idle.unref();
    } else {
      this.#forget(key, entry);
      this.#end(entry);
    }
  }

  #forget(key: string, entry: Entry<V>): void {
    clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #end(entry: Entry<V>): void {
    if (entry.isEnded) return;
    entry.isEnded = true;
    clearTimeout(entry.idle);
    entry.abort.abort();
    if (entry.value) this.#options.close(entry.value.it);
  }
}

interface Entry<V> {
  opening: Promise<V>;
  readonly abort: AbortController;
  users: number;
  idle: NodeJS.Timeout | undefined;
  /** Set once the value is open. */
  value: { readonly it: V } | undefined;
  /** The value was closed, or will be closed as soon as it is open. */
  isEnded: boolean;
}
