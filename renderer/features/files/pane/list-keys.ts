import type { KeyboardEvent } from 'react';
import type { Platform } from '../../../../shared/settings/keymap.ts';
import type { SelectHow } from './selection.ts';

/** What a key press in a list of files asks for. */
export type ListKey =
  | { readonly does: 'go'; readonly to: number; readonly how: SelectHow }
  | {
      readonly does:
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
        | 'copy-path';
    }
  | { readonly does: 'toggle'; readonly thenDown: boolean }
  | { readonly does: 'type'; readonly text: string };

interface Where {
  readonly cursor: number;
  readonly count: number;
  /** Rows that fit on the screen. */
  readonly page: number;
  readonly platform: Platform;
  /** Letters were typed a moment ago: a space belongs to them. */
  readonly isTyping: boolean;
}

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const plainKeys: Record<string, Exclude<ListKey['does'], 'go' | 'toggle' | 'type'>> = {
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

export function listKey(press: Press, { cursor, count, page, platform, isTyping }: Where): ListKey | null {
  const { key, shiftKey, altKey } = press;
  const main = platform === 'darwin' ? press.metaKey : press.ctrlKey;
  const other = platform === 'darwin' ? press.ctrlKey : press.metaKey;
  if (other) return null;
  const to = { ArrowDown: cursor + 1, ArrowUp: cursor - 1, PageDown: cursor + page, PageUp: cursor - page, Home: 0, End: count - 1 }[key];
  if (to !== undefined) {
    if (altKey || (platform === 'darwin' && main)) return key === 'ArrowUp' ? { does: 'up' } : key === 'ArrowDown' ? { does: 'open' } : null;
    return { does: 'go', to, how: shiftKey ? 'extend' : main ? 'move' : 'only' };
  }
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
  if (!(shiftKey && key === 'Tab') && Object.hasOwn(plainKeys, key)) return { does: plainKeys[key]! };
  return [...key].length === 1 ? { does: 'type', text: key } : null;
}
