import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { originSchema, sshTargetSchema } from './document.ts';

/** Columns and rows, clamped to what Teleport nodes take (ssh-and-gateways §2.7). */
export const terminalSizeSchema = z.object({ cols: z.number().int().min(1).max(4096), rows: z.number().int().min(1).max(4096) });
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

/**
 * Which tab of which page a terminal is of. A page that is loaded anew within half a minute and names the same two gets the
 * terminal back. `page` is a secret that only that page has.
 */
export const terminalKeepSchema = z.object({ page: z.string().min(32).max(100), tab: z.string().min(1).max(100) });

/** A picture of a terminal that a page has drawn, after `at` bytes of its output: text and sequences that draw it on an empty terminal of its size. */
export const terminalScreenSchema = z.object({
  at: z.number().int().min(0),
  size: terminalSizeSchema,
  /** One character takes a byte or two. A million holds 5,000 lines of 200 characters, the default scrollback on a wide screen. */
  text: z.string().max(1_000_000),
});
export type TerminalScreen = z.infer<typeof terminalScreenSchema>;

/** What a page that comes late draws first: the screen if there is one, then that many bytes at each size. They stand behind position `at`. */
export const terminalReplaySchema = z.object({
  at: z.number().int().min(0),
  screen: terminalScreenSchema.nullable(),
  parts: z.array(z.object({ size: terminalSizeSchema, bytes: z.number().int().min(0) })),
});
export type TerminalReplay = z.infer<typeof terminalReplaySchema>;

export const openTerminalSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ssh'),
    target: sshTargetSchema,
    size: terminalSizeSchema,
    /** Why the tab was opened; telemetry only. */
    origin: originSchema,
    keep: terminalKeepSchema.optional(),
  }),
  z.object({
    kind: z.literal('shell'),
    cwd: z.string(),
    size: terminalSizeSchema,
    /** Runs in the environment of an open gateway (`connections` topic): the row's command of this index, or the shell itself when null. */
    gateway: z.object({ connection: z.string().max(100), command: z.number().int().min(0).max(20).nullable(), origin: originSchema }).optional(),
    keep: terminalKeepSchema.optional(),
  }),
]);
export type OpenTerminal = z.infer<typeof openTerminalSchema>;

/** Messages of the page to a terminal; its bytes go beside them. */
export const terminalUpSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), size: terminalSizeSchema }),
  z.object({ type: z.literal('screen'), screen: terminalScreenSchema }),
]);

export type TerminalUp = z.infer<typeof terminalUpSchema>;

/** Messages of a terminal to the page, in order with its bytes. */
export const terminalDownSchema = z.discriminatedUnion('type', [
  /** Progress before the shell is there: `signing`, `dialling`, `authenticating`, `starting`. */
  z.object({ type: z.literal('progress'), step: z.enum(['signing', 'dialling', 'authenticating', 'starting']) }),
  /** The program runs; its output follows. */
  z.object({ type: z.literal('ready'), title: z.string() }),
  /** Before `ready`, when the page took a program that was running already. */
  z.object({ type: z.literal('replay'), replay: terminalReplaySchema }),
  /** The program ended. `code` is null when a signal ended it or the transport was lost. */
  z.object({ type: z.literal('exit'), code: z.number().nullable(), signal: z.string().nullable(), error: errorDataSchema.nullable() }),
  /** The server answers nothing at the moment: for 3 s after something was typed, until `stalled` is false. */
  z.object({ type: z.literal('stalled'), stalled: z.boolean() }),
  /** The local shell's working directory, where the OS tells it. */
  z.object({ type: z.literal('cwd'), cwd: z.string() }),
]);
export type TerminalDown = z.infer<typeof terminalDownSchema>;
