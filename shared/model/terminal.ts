import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { originSchema, sshTargetSchema } from './document.ts';

/** Columns and rows, clamped to what Teleport nodes take (ssh-and-gateways §2.7). */
export const terminalSizeSchema = z.object({ cols: z.number().int().min(1).max(4096), rows: z.number().int().min(1).max(4096) });
export type TerminalSize = z.infer<typeof terminalSizeSchema>;

export const openTerminalSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ssh'),
    target: sshTargetSchema,
    size: terminalSizeSchema,
    /** Why the tab was opened; telemetry only. */
    origin: originSchema,
  }),
  z.object({
    kind: z.literal('shell'),
    cwd: z.string(),
    size: terminalSizeSchema,
    /** Runs in the environment of an open gateway (`connections` topic): the row's command of this index, or the shell itself when null. */
    gateway: z.object({ connection: z.string().max(100), command: z.number().int().min(0).max(20).nullable(), origin: originSchema }).optional(),
  }),
]);
export type OpenTerminal = z.infer<typeof openTerminalSchema>;

/** Messages of the page to a terminal; its bytes go beside them. */
export const terminalUpSchema = z.discriminatedUnion('type', [z.object({ type: z.literal('resize'), size: terminalSizeSchema })]);

export type TerminalUp = z.infer<typeof terminalUpSchema>;

/** Messages of a terminal to the page, in order with its bytes. */
export const terminalDownSchema = z.discriminatedUnion('type', [
  /** Progress before the shell is there: `signing`, `dialling`, `authenticating`, `starting`. */
  z.object({ type: z.literal('progress'), step: z.enum(['signing', 'dialling', 'authenticating', 'starting']) }),
  z.object({ type: z.literal('ready'), title: z.string() }),
  /** The program ended. `code` is null when a signal ended it or the transport was lost. */
  z.object({ type: z.literal('exit'), code: z.number().nullable(), signal: z.string().nullable(), error: errorDataSchema.nullable() }),
  /** The server answers nothing at the moment: for 3 s after something was typed, until `stalled` is false. */
  z.object({ type: z.literal('stalled'), stalled: z.boolean() }),
  /** The local shell's working directory, where the OS tells it. */
  z.object({ type: z.literal('cwd'), cwd: z.string() }),
]);
export type TerminalDown = z.infer<typeof terminalDownSchema>;
