import { AppError, type ErrorData } from '../errors/app-error.ts';
import type {
  CallArgument,
  CallName,
  CallOutput,
  Contract,
  StreamArgument,
  StreamDown,
  StreamName,
  StreamUp,
  TopicName,
  TopicValue,
} from './define.ts';
import { applyPatch } from './patch.ts';
import { type PatchOperation, type Port, type WireMessage, wireMessageSchema } from './wire.ts';

/** A reader of one stream. `data` gets bytes that were granted; grant more with `handle.grant` once they are consumed. */
export interface StreamReader<D> {
  data(bytes: Uint8Array): void;
  message(body: D): void;
  /** Called once, when either side ended it or the port closed. */
  end(error: AppError | null): void;
}

export interface StreamHandle<U> {
  /** Sends bytes at once; the writing side of a page is a keyboard or a paste and needs no credits. */
  write(bytes: Uint8Array): void;
  send(body: U): void;
  /** Lets the other side send `bytes` more. Nothing arrives before the first grant. */
  grant(bytes: number): void;
  close(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  output: { parse(value: unknown): unknown };
}

interface OpenStream {
  reader: StreamReader<unknown>;
  down: { parse(value: unknown): unknown };
}

interface Subscription {
  name: string;
  version: number;
  value: unknown;
  listener(value: unknown): void;
  schema: { safeParse(value: unknown): { success: boolean } };
}

const closedError = () => new AppError('closed', 'The connection to the app was closed. Restart Slipway if this stays.');

/** The asking side of a contract. Answers are checked against the schema; when the port closes, pending calls reject. */
export class Client<C extends Contract> {
  readonly #contract: C;
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  readonly #streams = new Map<number, OpenStream>();
  readonly #subscriptions = new Map<number, Subscription>();
  #nextId = 1;
  #isClosed = false;

  constructor(contract: C, port: Port) {
    this.#contract = contract;
    this.#port = port;
    port.onMessage((message) => this.#receive(message));
    port.onClose(() => this.#close());
  }

  /** Rejects with an AppError. An aborted signal rejects with `cancelled` and tells the serving side to stop. */
  call<N extends CallName<C>>(name: N, input: CallArgument<C, N>, options: { signal?: AbortSignal } = {}): Promise<CallOutput<C, N>> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (this.#isClosed) return reject(closedError());
      if (signal?.aborted) return reject(new AppError('cancelled', 'The action was cancelled.'));
      const id = this.#nextId++;
      const abort = () => {
        if (!this.#pending.delete(id)) return;
        this.#post({ t: 'cancel', id });
        reject(new AppError('cancelled', 'The action was cancelled.'));
      };
      const settled = () => signal?.removeEventListener('abort', abort);
      this.#pending.set(id, {
        resolve: (value) => {
          settled();
          resolve(value as CallOutput<C, N>);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
        output: this.#contract.calls[name]!.output,
      });
      signal?.addEventListener('abort', abort);
      this.#post({ t: 'call', id, name, input });
    });
  }

  open<N extends StreamName<C>>(name: N, params: StreamArgument<C, N>, reader: StreamReader<StreamDown<C, N>>): StreamHandle<StreamUp<C, N>> {
    const id = this.#nextId++;
    if (this.#isClosed) {
      queueMicrotask(() => reader.end(closedError()));
    } else {
      this.#streams.set(id, { reader: reader as StreamReader<unknown>, down: this.#contract.streams[name]!.down });
      this.#post({ t: 'open', id, name, params });
    }
    const live = (message: WireMessage) => {
      if (this.#streams.has(id)) this.#post(message);
    };
    return {
      write: (bytes) => live({ t: 'data', id, bytes }),
      send: (body) => live({ t: 'message', id, body }),
      grant: (bytes) => {
        if (bytes > 0) live({ t: 'credit', id, bytes });
      },
      close: () => {
        live({ t: 'end', id, error: null });
        this.#streams.delete(id);
      },
    };
  }

  /** Calls `listener` with the whole value on every change, the same objects where nothing changed. Returns the unsubscriber. */
  subscribe<N extends TopicName<C>>(name: N, listener: (value: TopicValue<C, N>) => void): () => void {
    const id = this.#nextId++;
    this.#subscriptions.set(id, {
      name,
      version: -1,
      value: undefined,
      listener: listener as (value: unknown) => void,
      schema: this.#contract.topics[name]!.value,
    });
    this.#post({ t: 'subscribe', id, name });
    return () => {
      if (this.#subscriptions.delete(id)) this.#post({ t: 'unsubscribe', id });
    };
  }

  close(): void {
    this.#port.close();
    this.#close();
  }

  #post(message: WireMessage): void {
    if (!this.#isClosed) this.#port.post(message);
  }

  #receive(raw: unknown): void {
    const parsed = wireMessageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.t) {
      case 'result':
        return this.#settle(message.id, message.value);
      case 'error':
        return this.#reject(message.id, message.error);
      case 'data':
        return this.#streams.get(message.id)?.reader.data(message.bytes);
      case 'message': {
        const stream = this.#streams.get(message.id);
        return stream?.reader.message(stream.down.parse(message.body));
      }
      case 'end': {
        const stream = this.#streams.get(message.id);
        this.#streams.delete(message.id);
        return stream?.reader.end(message.error ? AppError.fromData(message.error) : null);
      }
      case 'snapshot':
        return this.#replace(message.id, message.version, message.value);
      case 'patch':
        return this.#patch(message.id, message.version, message.operations);
    }
  }

  #settle(id: number, value: unknown): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (!pending) return;
    try {
      pending.resolve(pending.output.parse(value));
    } catch (cause) {
      pending.reject(new AppError('bad-response', 'The app answered in a form this window does not understand.', { cause }));
    }
  }

  #reject(id: number, error: ErrorData): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.reject(AppError.fromData(error));
  }

  /** A snapshot that does not fit its schema is ignored: asking again would bring the same one. */
  #replace(id: number, version: number, value: unknown): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription || !subscription.schema.safeParse(value).success) return;
    subscription.value = value;
    subscription.version = version;
    subscription.listener(value);
  }

  #patch(id: number, version: number, operations: readonly PatchOperation[]): void {
    const subscription = this.#subscriptions.get(id);
    if (!subscription) return;
    if (version !== subscription.version + 1) return this.#resubscribe(id, subscription);
    try {
      subscription.value = applyPatch(subscription.value, operations);
      subscription.version = version;
    } catch {
      return this.#resubscribe(id, subscription);
    }
    subscription.listener(subscription.value);
  }

  /** Subscribes again after a gap in the versions, for the same listener. */
  #resubscribe(id: number, subscription: Subscription): void {
    this.#subscriptions.delete(id);
    this.#post({ t: 'unsubscribe', id });
    const again = this.#nextId++;
    this.#subscriptions.set(again, { ...subscription, version: -1 });
    this.#post({ t: 'subscribe', id: again, name: subscription.name });
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const pending of this.#pending.values()) pending.reject(closedError());
    for (const stream of this.#streams.values()) stream.reader.end(closedError());
    this.#pending.clear();
    this.#streams.clear();
    this.#subscriptions.clear();
  }
}
