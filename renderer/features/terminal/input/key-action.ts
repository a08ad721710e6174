import type { Platform } from '../../../../shared/settings/keymap.ts';

export type KeyAction =
  /** xterm handles it. */
  | { kind: 'terminal' }
  /** The browser's own handling: a native paste, which needs no permission. */
  | { kind: 'native' }
  | { kind: 'copy' }
  | { kind: 'send'; text: string };

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey'>;

/** What a key means in a terminal before xterm sees it. Control with a letter always belongs to the shell. */
export function keyAction(event: KeyPress, platform: Platform): KeyAction {
  const { ctrlKey, shiftKey, altKey, metaKey } = event;
  const letter = event.key.toLowerCase();
  if (altKey && !ctrlKey && !shiftKey && !metaKey) {
    if (event.key === 'ArrowLeft') return { kind: 'send', text: '\x1bb' };
    if (event.key === 'ArrowRight') return { kind: 'send', text: '\x1bf' };
  }
  if (platform === 'darwin') {
    if (!metaKey || ctrlKey || altKey) return { kind: 'terminal' };
    return letter === 'c' || letter === 'v' ? { kind: 'native' } : { kind: 'terminal' };
  }
  if (altKey || metaKey) return { kind: 'terminal' };
  if (event.key === 'Insert') {
    if (shiftKey && !ctrlKey) return { kind: 'native' };
    if (ctrlKey && !shiftKey) return { kind: 'copy' };
  }
  if (ctrlKey && shiftKey) {
    if (letter === 'c') return { kind: 'copy' };
    if (letter === 'v') return { kind: 'native' };
  }
  return { kind: 'terminal' };
}
