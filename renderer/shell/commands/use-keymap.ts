import { useEffect } from 'react';
import type { Platform } from '../../../shared/settings/keymap.ts';
import { keysAreHeld } from '../../ui/focus/held-keys.ts';
import { useCommands } from '../../workbench/commands.ts';
import { keyFinder } from '../../workbench/keys.ts';

/** While a dialog is open, keys belong to it, so that they cannot close or open anything behind it. */
const dialogIsOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

/** Runs commands by their keys, before the terminal sees them. A key whose command has no handler now is passed on. */
export function useKeymap(platform: Platform): void {
  const commands = useCommands();
  useEffect(() => {
    const find = keyFinder(platform);
    const listener = (event: KeyboardEvent) => {
      const id = find(event);
      if (!id || event.isComposing || keysAreHeld() || dialogIsOpen() || !commands.run(id)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', listener, { capture: true });
    return () => window.removeEventListener('keydown', listener, { capture: true });
  }, [commands, platform]);
}
