import * as z from 'zod';
import { call, stream } from '../ipc/define.ts';
import { openTerminalSchema, terminalDownSchema, terminalKeepSchema, terminalUpSchema } from '../model/terminal.ts';

/** Terminals. */
export const terminalsCalls = {
  /** The tabs of a page whose programs go on while it is loaded anew: they are taken by opening them again with the same `keep`. */
  'terminals.kept': call(terminalKeepSchema.pick({ page: true }), z.array(z.string())),
};

export const terminalsStreams = {
  terminal: stream(openTerminalSchema, terminalUpSchema, terminalDownSchema),
};
