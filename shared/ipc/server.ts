import { AppError } from '../errors/app-error.ts';
import type { CallInput, CallName, CallOutput, Contract, StreamDown, StreamName, StreamParams, StreamUp, TopicName, TopicValue } from './define.ts';
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

interface LiveStream {
  up: { safeParse(value: unknown): { success: boolean; data?: unknown } };
  credit: number;
  data(bytes: Uint8Array): void;
  message(body: unknown): void;
  granted(): void;
  closed(isLost: boolean): void;
}

/** Serves `contract` on `port` until it closes; returns the function that stops it. Unknown or malformed messages are refused and logged. */
export function serve<C extends Contract>(contract: C, port: Port, handlers: Handlers<C>, log: ServerLog): () => void {
  const calls = new Map<number, AbortController>();
  const streams = new Map<number, LiveStream>();
  const subscriptions = new Map<number, () => void>();
  let isStopped = false;
  const post = (message: WireMessage) => {
    if (!isStopped) port.post(message);
  };

  const runCall = async (id: number, name: string, input: unknown) => {
    const definition = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
    const parsed = definition?.input.safeParse(input);
    if (!definition || !parsed?.success) {
      log.refused(`call ${name}`, definition ? 'arguments do not fit the schema' : 'no such call');
      return post({ t: 'error', id, error: { code: 'invalid-argument', message: 'The app refused a malformed request.' } });
    }
    const controller = new AbortController();
    calls.set(id, controller);
    try {
      const handler = handlers.calls[name as CallName<C>] as (input: unknown, context: { signal: AbortSignal }) => unknown;
      const value = await handler(parsed.data, { signal: controller.signal });
      if (calls.has(id)) post({ t: 'result', id, value: definition.output.parse(value) });
    } catch (caught) {
      const error = AppError.from(caught);
      if (error.code === 'internal') log.failed(`call ${name}`, error);
      if (calls.has(id)) post({ t: 'error', id, error: error.toData() });
    } finally {
      calls.delete(id);
    }
  };

  const openStream = (id: number, name: string, params: unknown) => {
    const definition = Object.hasOwn(contract.streams, name) ? contract.streams[name] : undefined;
    const parsed = definition?.params.safeParse(params);
    if (!definition || !parsed?.success || streams.has(id)) {
      log.refused(`stream ${name}`, definition ? 'parameters do not fit the schema' : 'no such stream');
      return post({ t: 'end', id, error: { code: 'invalid-argument', message: 'The app refused a malformed request.' } });
    }
    const listeners = {
      data: [] as ((b: Uint8Array) => void)[],
      message: [] as ((m: unknown) => void)[],
      credit: [] as (() => void)[],
      close: [] as ((isLost: boolean) => void)[],
    };
    const live: LiveStream = {
      up: definition.up,
      credit: 0,
      data: (bytes) => {
        for (const listener of listeners.data) listener(bytes);
      },
      message: (body) => {
        for (const listener of listeners.message) listener(body);
      },
      granted: () => {
        for (const listener of listeners.credit) listener();
      },
      closed: (isLost) => {
        for (const listener of listeners.close) listener(isLost);
      },
    };
    streams.set(id, live);
    const handle: ServerStream<unknown, unknown> = {
      get credit() {
        return live.credit;
      },
      write(bytes) {
        if (bytes.length > live.credit) throw new Error('a stream was written beyond its credit');
        live.credit -= bytes.length;
        if (streams.has(id) && bytes.length > 0) post({ t: 'data', id, bytes });
      },
      send: (body) => {
        if (streams.has(id)) post({ t: 'message', id, body });
      },
      end: (error = null) => {
        if (streams.delete(id)) post({ t: 'end', id, error: error?.toData() ?? null });
      },
      onData: (listener) => listeners.data.push(listener),
      onMessage: (listener) => listeners.message.push(listener),
      onCredit: (listener) => listeners.credit.push(listener),
      onClose: (listener) => listeners.close.push(listener),
    };
    try {
      (handlers.streams[name as StreamName<C>] as (params: unknown, stream: ServerStream<unknown, unknown>) => void)(parsed.data, handle);
    } catch (caught) {
      const error = AppError.from(caught);
      log.failed(`stream ${name}`, error);
      handle.end(error);
    }
  };

  const subscribe = (id: number, name: string) => {
    const source = Object.hasOwn(contract.topics, name) ? handlers.topics[name as TopicName<C>] : undefined;
    if (!source || subscriptions.has(id)) return log.refused(`topic ${name}`, 'no such topic');
    let version = 0;
    let sent: unknown = source.get();
    subscriptions.set(
      id,
      source.onChange((value) => {
        const operations = diff(sent, value);
        sent = value;
        if (operations.length > 0) post({ t: 'patch', id, version: ++version, operations });
      }),
    );
    post({ t: 'snapshot', id, version, value: sent });
  };

  const receive = (raw: unknown) => {
    const parsed = wireMessageSchema.safeParse(raw);
    if (!parsed.success) return log.refused('message', 'not of the wire format');
    const message = parsed.data;
    const live = streams.get(message.id);
    switch (message.t) {
      case 'call':
        return void runCall(message.id, message.name, message.input);
      case 'cancel':
        calls.get(message.id)?.abort();
        return void calls.delete(message.id);
      case 'open':
        return openStream(message.id, message.name, message.params);
      case 'data':
        return live?.data(message.bytes);
      case 'message': {
        const body = live?.up.safeParse(message.body);
        return body?.success ? live?.message(body.data) : live && log.refused('stream message', 'does not fit the schema');
      }
      case 'credit':
        if (live) {
          live.credit += message.bytes;
          live.granted();
        }
        return;
      case 'end':
        if (streams.delete(message.id)) live?.closed(false);
        return;
      case 'subscribe':
        return subscribe(message.id, message.name);
      case 'unsubscribe':
        subscriptions.get(message.id)?.();
        return void subscriptions.delete(message.id);
      default:
        return log.refused(`message ${message.t}`, 'only a server sends this');
    }
  };

  const stop = () => {
    if (isStopped) return;
    isStopped = true;
    for (const controller of calls.values()) controller.abort();
    for (const live of streams.values()) live.closed(true);
    for (const unsubscribe of subscriptions.values()) unsubscribe();
    calls.clear();
    streams.clear();
    subscriptions.clear();
  };
  port.onMessage(receive);
  port.onClose(stop);
  return stop;
}
