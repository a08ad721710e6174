/*
 * The kernel under both contracts. `define.ts` has the kinds of things a contract can name (calls, streams, topics), `wire.ts` the
 * messages that cross a port, `client.ts` and `server.ts` the two ends. Topics are sent as a snapshot and then as versioned patches
 * (`patch.ts`); a gap in the versions makes the client ask for a snapshot again. Streams carry bytes under credits, so that a slow
 * page holds back its sender. A `Port` can be Electron's MessagePort, a WebSocket (`ws-codec.ts`) or a pair in one process.
 */
import * as z from 'zod';

/** A question with one answer. Both ends check `input` and `output` on arrival. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
}

/** Bytes both ways under credits, with messages beside them, until one side closes it. */
export interface StreamDefinition<P extends z.ZodType = z.ZodType, U extends z.ZodType = z.ZodType, D extends z.ZodType = z.ZodType> {
  readonly params: P;
  readonly up: U;
  readonly down: D;
}

/** State of the serving side: a snapshot on subscription, then versioned patches. */
export interface TopicDefinition<V extends z.ZodType = z.ZodType> {
  readonly value: V;
}

export interface Contract {
  readonly calls: Readonly<Record<string, CallDefinition>>;
  readonly streams: Readonly<Record<string, StreamDefinition>>;
  readonly topics: Readonly<Record<string, TopicDefinition>>;
}

/** For calls that take or return nothing. */
export const nothing = z.null();

export const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O): CallDefinition<I, O> => ({ input, output });
export const stream = <P extends z.ZodType, U extends z.ZodType, D extends z.ZodType>(params: P, up: U, down: D): StreamDefinition<P, U, D> => ({
  params,
  up,
  down,
});
export const topic = <V extends z.ZodType>(value: V): TopicDefinition<V> => ({ value });

export type CallName<C extends Contract> = keyof C['calls'] & string;
export type StreamName<C extends Contract> = keyof C['streams'] & string;
export type TopicName<C extends Contract> = keyof C['topics'] & string;
/** What a caller passes (defaults may be left out) and what a handler gets. */
export type CallArgument<C extends Contract, N extends CallName<C>> = z.input<C['calls'][N]['input']>;
export type CallInput<C extends Contract, N extends CallName<C>> = z.output<C['calls'][N]['input']>;
export type CallOutput<C extends Contract, N extends CallName<C>> = z.output<C['calls'][N]['output']>;
export type StreamArgument<C extends Contract, N extends StreamName<C>> = z.input<C['streams'][N]['params']>;
export type StreamParams<C extends Contract, N extends StreamName<C>> = z.output<C['streams'][N]['params']>;
export type StreamUp<C extends Contract, N extends StreamName<C>> = z.output<C['streams'][N]['up']>;
export type StreamDown<C extends Contract, N extends StreamName<C>> = z.output<C['streams'][N]['down']>;
export type TopicValue<C extends Contract, N extends TopicName<C>> = z.output<C['topics'][N]['value']>;
