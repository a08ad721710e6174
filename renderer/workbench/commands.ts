/*
 * What can be done in the window, for the shell and all features: `commands.ts` dispatches commands to their present handlers,
 * `documents.ts` makes and shows tabs, `with-relogin.ts` repeats an action after a login, `connection-actions.ts` and
 * `request-actions.ts` open local connections and change access requests. Nothing here draws a page of its own; features use it to
 * act on each other's things without importing each other.
 */
import { createContext, useContext, useEffect, useRef } from 'react';
import type { CommandId } from '../../shared/settings/keymap.ts';

export type CommandHandler = (argument: string) => void;

/** The present handlers of commands. The handler that was registered last wins, so that an active tab can take over a command. */
export interface Commands {
  /** False when the command has no handler now. */
  run(id: CommandId, argument?: string): boolean;
  has(id: CommandId): boolean;
  register(id: CommandId, handler: CommandHandler): () => void;
}

export function createCommands(): Commands {
  const handlers = new Map<CommandId, CommandHandler[]>();
  return {
    run(id, argument = '') {
      const handler = handlers.get(id)?.at(-1);
      handler?.(argument);
      return handler !== undefined;
    },
    has: (id) => (handlers.get(id)?.length ?? 0) > 0,
    register(id, handler) {
      handlers.set(id, [...(handlers.get(id) ?? []), handler]);
      return () => handlers.set(id, handlers.get(id)?.filter((other) => other !== handler) ?? []);
    },
  };
}

export const CommandsContext = createContext<Commands>(createCommands());

export const useCommands = (): Commands => useContext(CommandsContext);

/** Handles a command while the component is mounted and `enabled`. */
export function useCommand(id: CommandId, handler: CommandHandler, enabled = true): void {
  const commands = useCommands();
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => (enabled ? commands.register(id, (argument) => latest.current(argument)) : undefined), [commands, id, enabled]);
}
