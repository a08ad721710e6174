import { AppError } from '../errors/app-error.ts';
import type {
  CallInput,
  CallName,
  CallOutput,
  Contract,
  StreamDefinition,
  StreamDown,
  StreamName,
  StreamParams,
  StreamUp,
  TopicName,
  TopicValue,
} from './define.ts';
import { diff } from './patch.ts';
import { type Port, type WireMessage, wireMessageSchema } from './wire.ts';

/** A value with change notifications. Handlers give one per topic; `Topic` is the plain implementation. */
export interface TopicSource<V> {
  get(): V;
  onChange(listener: (value: V) => void): () => void;
}

/** The serving side's view of one open stream. */
export interface ServerStream<U, D> {
  /** Bytes that may be sent now. Sending more than that is an error of the handler. */
  readonly credit: number;
  write(bytes: Uint8Array): void;
  send(body: D): void;
  end(error?: AppError | null): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  onMessage(listener: (body: U) => void): void;
  /** Called whenever credit was added. */
  onCredit(listener: () => void): void;
  /** The page closed it or, `isLost`, went away without a word. Not called after `end`. */
  onClose(listener: (isLost: boolean) => void): void;
}

export interface Handlers<C extends Contract> {
  calls: { [N in CallName<C>]: (input: CallInput<C, N>, context: { signal: AbortSignal }) => Promise<CallOutput<C, N>> | CallOutput<C, N> };
  streams: { [N in StreamName<C>]: (params: StreamParams<C, N>, stream: ServerStream<StreamUp<C, N>, StreamDown<C, N>>) => void };
  topics: { [N in TopicName<C>]: TopicSource<TopicValue<C, N>> };
}

/** Logs refused messages and unexpected failures. It never gets inputs, which may hold secrets. */
export interface ServerLog {
  refused(what: string, reason: string): void;
  failed(what: string, error: AppError): void;
}

export class Topic<V> implements TopicSource<V> {
  #value: V;
  readonly #listeners = new Set<(value: V) => void>();

  constructor(value: V) {
    this.#value = value;
  }

  get(): V {
    return this.#value;
  }

  set(value: V): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  onChange(listener: (value: V) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** One open stream: the handler's view of it, and what the other side's messages do to it. */
class LiveStream implements ServerStream<unknown, unknown> {
  readonly up: StreamDefinition['up'];
  readonly #id: number;
  readonly #post: (message: WireMessage) => void;
  readonly #ended: () => void;
  #isOpen = true;
  #credit = 0;
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  readonly #onMessage: ((body: unknown) => void)[] = [];
  readonly #onCredit: (() => void)[] = [];
  readonly #onClose: ((isLost: boolean) => void)[] = [];

  constructor(id: number, up: StreamDefinition['up'], post: (message: WireMessage) => void, ended: () => void) {
    this.#id = id;
    this.up = up;
    this.#post = post;
    this.#ended = ended;
  }

  get credit(): number {
    return this.#credit;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.#credit) throw new Error('a stream was written beyond its credit');
    this.#credit -= bytes.length;
    if (this.#isOpen && bytes.length > 0) this.#post({ t: 'data', id: this.#id, bytes });
  }

  send(body: unknown): void {
    if (this.#isOpen) this.#post({ t: 'message', id: this.#id, body });
  }

  end(error: AppError | null = null): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ended();
    this.#post({ t: 'end', id: this.#id, error: error?.toData() ?? null });
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData.push(listener);
  }

  onMessage(listener: (body: unknown) => void): void {
    this.#onMessage.push(listener);
  }

  onCredit(listener: () => void): void {
    this.#onCredit.push(listener);
  }

  onClose(listener: (isLost: boolean) => void): void {
    this.#onClose.push(listener);
  }

  data(bytes: Uint8Array): void {
    for (const listener of this.#onData) listener(bytes);
  }

  message(body: unknown): void {
    for (const listener of this.#onMessage) listener(body);
  }

  granted(bytes: number): void {
    this.#credit += bytes;
    for (const listener of this.#onCredit) listener();
  }

  closed(isLost: boolean): void {
    this.#isOpen = false;
    for (const listener of this.#onClose) listener(isLost);
  }
}

/** Serves `contract` on `port` until it closes; returns the function that stops it. Unknown or malformed messages are refused and logged. */
export function serve<C extends Contract>(contract: C, port: Port, handlers: Handlers<C>, log: ServerLog): () => void {
  const server = new Server(contract, port, handlers, log);
  port.onMessage((message) => server.receive(message));
  port.onClose(() => server.stop());
  return () => server.stop();
}

const malformed = { code: 'invalid-argument', message: 'The app refused a malformed request.' } as const;

class Server<C extends Contract> {
  readonly #contract: C;
  readonly #port: Port;
  readonly #handlers: Handlers<C>;
  readonly #log: ServerLog;
  readonly #calls = new Map<number, AbortController>();
  readonly #streams = new Map<number, LiveStream>();
  readonly #subscriptions = new Map<number, () => void>();
  #isStopped = false;

  constructor(contract: C, port: Port, handlers: Handlers<C>, log: ServerLog) {
    this.#contract = contract;
    this.#port = port;
    this.#handlers = handlers;
    this.#log = log;
  }

  receive(raw: unknown): void {
    const parsed = wireMessageSchema.safeParse(raw);
    if (!parsed.success) return this.#log.refused('message', 'not of the wire format');
    const message = parsed.data;
    const live = this.#streams.get(message.id);
    switch (message.t) {
      case 'call':
        return void this.#call(message.id, message.name, message.input);
      case 'cancel':
        this.#calls.get(message.id)?.abort();
        return void this.#calls.delete(message.id);
      case 'open':
        return this.#open(message.id, message.name, message.params);
      case 'data':
        return live?.data(message.bytes);
      case 'message': {
        const body = live?.up.safeParse(message.body);
        return body?.success ? live?.message(body.data) : live && this.#log.refused('stream message', 'does not fit the schema');
      }
      case 'credit':
        return live?.granted(message.bytes);
      case 'end':
        if (this.#streams.delete(message.id)) live?.closed(false);
        return;
      case 'subscribe':
        return this.#subscribe(message.id, message.name);
      case 'unsubscribe':
        this.#subscriptions.get(message.id)?.();
        return void this.#subscriptions.delete(message.id);
      default:
        return this.#log.refused(`message ${message.t}`, 'only a server sends this');
    }
  }

  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    for (const controller of this.#calls.values()) controller.abort();
    for (const live of this.#streams.values()) live.closed(true);
    for (const unsubscribe of this.#subscriptions.values()) unsubscribe();
    this.#calls.clear();
    this.#streams.clear();
    this.#subscriptions.clear();
  }

  #post(message: WireMessage): void {
    if (!this.#isStopped) this.#port.post(message);
  }

  async #call(id: number, name: string, input: unknown): Promise<void> {
    const definition = Object.hasOwn(this.#contract.calls, name) ? this.#contract.calls[name] : undefined;
    const parsed = definition?.input.safeParse(input);
    if (!definition || !parsed?.success) {
      this.#log.refused(`call ${name}`, definition ? 'arguments do not fit the schema' : 'no such call');
      return this.#post({ t: 'error', id, error: malformed });
    }
    const controller = new AbortController();
    this.#calls.set(id, controller);
    try {
      const handler = this.#handlers.calls[name as CallName<C>] as (input: unknown, context: { signal: AbortSignal }) => unknown;
      const value = await handler(parsed.data, { signal: controller.signal });
      if (this.#calls.has(id)) this.#post({ t: 'result', id, value: definition.output.parse(value) });
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code === 'internal') this.#log.failed(`call ${name}`, error);
      if (this.#calls.has(id)) this.#post({ t: 'error', id, error: error.toData() });
    } finally {
      this.#calls.delete(id);
    }
  }

  #open(id: number, name: string, params: unknown): void {
    const definition = Object.hasOwn(this.#contract.streams, name) ? this.#contract.streams[name] : undefined;
    const parsed = definition?.params.safeParse(params);
    if (!definition || !parsed?.success || this.#streams.has(id)) {
      this.#log.refused(`stream ${name}`, definition ? 'parameters do not fit the schema' : 'no such stream');
      return this.#post({ t: 'end', id, error: malformed });
    }
    const live = new LiveStream(
      id,
      definition.up,
      (message) => this.#post(message),
      () => this.#streams.delete(id),
    );
    this.#streams.set(id, live);
    try {
      (this.#handlers.streams[name as StreamName<C>] as (params: unknown, stream: ServerStream<unknown, unknown>) => void)(parsed.data, live);
    } catch (caught) {
      const error = AppError.from(caught);
      this.#log.failed(`stream ${name}`, error);
      live.end(error);
    }
  }

  #subscribe(id: number, name: string): void {
    const source = Object.hasOwn(this.#contract.topics, name) ? this.#handlers.topics[name as TopicName<C>] : undefined;
    if (!source || this.#subscriptions.has(id)) return this.#log.refused(`topic ${name}`, 'no such topic');
    let version = 0;
    let sent: unknown = source.get();
    this.#subscriptions.set(
      id,
      source.onChange((value) => {
        const operations = diff(sent, value);
        sent = value;
        if (operations.length > 0) this.#post({ t: 'patch', id, version: ++version, operations });
      }),
    );
    this.#post({ t: 'snapshot', id, version, value: sent });
  }
}
