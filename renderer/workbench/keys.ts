import { type CommandId, commandIds, commandTable, type Platform } from '../../shared/settings/keymap.ts';

type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const codeKeys: Record<string, string> = { Backquote: '`', Comma: ',', Equal: '=', Minus: '-', NumpadAdd: '=', NumpadSubtract: '-', Numpad0: '0' };

/**
 * The key without its modifiers: digits and signs by their position, letters by what they type, or by position where the layout
 * types no Latin letter.
 */
function plainKey({ key, code }: KeyPress): string {
  if (/^Digit\d$/.test(code)) return code.slice(5);
  const sign = codeKeys[code];
  if (sign) return sign;
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (/^Key[A-Z]$/.test(code)) return code.slice(3);
  return key;
}

/** A key press in the notation of the command table. */
export function chordOf(press: KeyPress): string {
  const parts = [press.metaKey && 'Command', press.ctrlKey && 'Ctrl', press.altKey && 'Alt', press.shiftKey && 'Shift', plainKey(press)];
  return parts.filter(Boolean).join('+');
}

const commandsByChord = (platform: Platform): ReadonlyMap<string, CommandId> =>
  new Map(commandIds.flatMap((id) => (commandTable[id].keys[platform] ? [[commandTable[id].keys[platform], id] as const] : [])));

/** Makes the function that finds the command of a key press on this platform. */
export function keyFinder(platform: Platform): (press: KeyPress) => CommandId | undefined {
  const commands = commandsByChord(platform);
  return (press) => commands.get(chordOf(press));
}

const macSigns: Record<string, string> = { Command: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧', PageUp: '⇞', PageDown: '⇟', Tab: '⇥' };

/** A command's keys as this platform writes them; empty when it has none. */
export function keysLabel(id: CommandId, platform: Platform): string {
  const keys = commandTable[id].keys[platform];
  if (platform !== 'darwin') return keys;
  return keys
    .split('+')
    .map((part) => macSigns[part] ?? part)
    .join('');
}
