import { stream } from '../ipc/define.ts';
import { openTerminalSchema, terminalDownSchema, terminalUpSchema } from '../model/terminal.ts';

/** Terminals. */
export const terminalsStreams = {
  terminal: stream(openTerminalSchema, terminalUpSchema, terminalDownSchema),
};
