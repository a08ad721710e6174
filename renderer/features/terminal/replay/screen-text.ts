import type { SerializeAddon } from '@xterm/addon-serialize';
import type { Terminal } from '@xterm/xterm';

/** What the session host takes (shared/model/terminal.ts). */
const longest = 1_000_000;
/** The default scrollback. More lines would take too long to write down while a person types. */
const mostLines = 5000;

/**
 * The screen and its scrollback as text and sequences that draw it on an empty terminal of the same size; null when even the
 * screen alone is too long. Older lines are left out where the whole is too long. Tab stops, the saved cursor, character sets
 * and hyperlinks are not part of it.
 */
export function screenText(terminal: Terminal, serialize: Pick<SerializeAddon, 'serialize'>): string | null {
  const rest = programModes(terminal);
  for (let scrollback = Math.min(terminal.buffer.normal.length, mostLines); ; scrollback = Math.floor(scrollback / 2)) {
    const text = serialize.serialize({ scrollback }) + rest;
    if (text.length <= longest) return text;
    if (scrollback === 0) return null;
  }
}

const mouseEncodings = new Map([
  ['SGR', '\x1b[?1006h'],
  ['SGR_PIXELS', '\x1b[?1016h'],
]);

/** What the add-on leaves out and full-screen programs need: the region that scrolls, a hidden cursor, how the mouse is reported. */
function programModes(terminal: Terminal): string {
  const { buffer, coreService, coreMouseService } = terminal._core;
  const { scrollTop, scrollBottom } = buffer;
  const { cursorX, cursorY } = terminal.buffer.active;
  const encoding = mouseEncodings.get(coreMouseService.activeEncoding) ?? '';
  const hidden = coreService.isCursorHidden ? '\x1b[?25l' : '';
  if (scrollTop === 0 && scrollBottom === terminal.rows - 1) return encoding + hidden;
  // Setting the region moves the cursor, whose row counts from the region's where the program asked for that.
  const row = cursorY - (terminal.modes.originMode ? scrollTop : 0);
  return `${encoding}${hidden}\x1b[${scrollTop + 1};${scrollBottom + 1}r\x1b[${row + 1};${cursorX + 1}H`;
}
