import type { KeyboardEvent } from 'react';
import type { Platform } from '../../../../../shared/settings/keymap.ts';
import type { SelectHow } from './selection.ts';

/** What a key press in a list of files asks for. */
export type ListKey =
  | {
      readonly does:
        | 'move'
        | 'select-all'
        | 'clear'
        | 'open'
        | 'up'
        | 'rename'
        | 'delete'
        | 'copy-across'
        | 'copy-to'
        | 'new-folder'
        | 'other-side'
        | 'filter'
        | 'menu'
        | 'view'
        | 'edit'
        | 'copy-path'
        | 'nothing';
    }
  | { readonly does: 'toggle'; readonly thenDown: boolean }
  | { readonly does: 'type'; readonly text: string };

/** Keys that mean an action of the whole pane. */
export type ListCommand = Exclude<ListKey['does'], 'move' | 'toggle' | 'type' | 'select-all' | 'clear' | 'menu' | 'nothing'>;

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const plainKeys: Record<string, Exclude<ListKey['does'], 'move' | 'toggle' | 'type'>> = {
  Enter: 'open',
  Backspace: 'up',
  F2: 'rename',
  F3: 'view',
  F4: 'edit',
  F5: 'copy-across',
  F7: 'new-folder',
  F8: 'delete',
  Delete: 'delete',
  Escape: 'clear',
  Tab: 'other-side',
  '/': 'filter',
  ContextMenu: 'menu',
};

const moveKeys: readonly string[] = ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'];

interface Where {
  readonly platform: Platform;
  /** Letters were typed a moment ago: a space belongs to them. */
  readonly isTyping: boolean;
}

/** `nothing`: a key that moves elsewhere, with a modifier that it is not for. Null for keys that are none of the list's. */
export function listKey(press: Press, { platform, isTyping }: Where): ListKey | null {
  const { key, shiftKey, altKey } = press;
  const main = platform === 'darwin' ? press.metaKey : press.ctrlKey;
  const other = platform === 'darwin' ? press.ctrlKey : press.metaKey;
  if (moveKeys.includes(key)) {
    if (other) return { does: 'nothing' };
    if (!altKey && !(platform === 'darwin' && main)) return { does: 'move' };
    return { does: key === 'ArrowUp' ? 'up' : key === 'ArrowDown' ? 'open' : 'nothing' };
  }
  if (other) return null;
  if (main) {
    if (altKey) return null;
    if (key.toLowerCase() === 'a' && !shiftKey) return { does: 'select-all' };
    if (key === ' ') return { does: 'toggle', thenDown: false };
    if (key === 'Backspace') return { does: 'delete' };
    return null;
  }
  if (altKey) return key === 'ArrowLeft' ? { does: 'up' } : null;
  if (shiftKey && key === 'F10') return { does: 'menu' };
  if (shiftKey && key === 'F5') return { does: 'copy-to' };
  if (key === 'Insert') return { does: 'toggle', thenDown: true };
  if (key === ' ' && !isTyping) return { does: 'toggle', thenDown: false };
  const plain = Object.hasOwn(plainKeys, key) ? plainKeys[key] : undefined;
  if (!(shiftKey && key === 'Tab') && plain) return { does: plain };
  return [...key].length === 1 ? { does: 'type', text: key } : null;
}

/** What moving does to the selection: Shift extends it, Ctrl (Command on a Mac) leaves it as it is. */
export function moveHow({ shiftKey, ctrlKey, metaKey }: Press, platform: Platform): SelectHow {
  const main = platform === 'darwin' ? metaKey : ctrlKey;
  return shiftKey ? 'extend' : main ? 'move' : 'only';
}
