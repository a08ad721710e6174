import type { Terminal } from '@xterm/xterm';
import { limitMarks } from './cell-marks.ts';
import { limitLinks } from './link-table.ts';
import { limitStrings } from './long-strings.ts';
import { keepCharactersWhole } from './whole-characters.ts';

/**
 * Bounds what output may cost before xterm sees it: counts, marks on a cell, hyperlinks, strings. Also refuses what a program could use
 * to reach outside its screen: the clipboard (OSC 52) and window manipulation (`CSI … t`, title reports included; pushing and
 * popping the title stays).
 */
export function guardParser(terminal: Terminal): void {
  keepCharactersWhole(terminal);
  limitCounts(terminal);
  limitMarks(terminal);
  limitLinks(terminal);
  limitStrings(terminal);
  terminal.parser.registerOscHandler(52, () => true);
  terminal.parser.registerCsiHandler({ final: 't' }, ([kind]) => kind !== 22 && kind !== 23);
}

/**
 * Caps the counts that xterm loops over or allocates for without a bound: one `CSI 2147483647 S` would hold the page for
 * minutes, one `CSI 2147483647 b` makes the parser throw. A larger count than the screen means the same as the screen's.
 */
function limitCounts(terminal: Terminal): void {
  // Only here does a handler get a sequence's parameters to change; the public interface hands out a copy.
  const cap = (final: string, most: () => number) =>
    terminal._core.registerCsiHandler({ final }, ({ params }) => {
      params[0] = Math.min(params[0] ?? 0, most());
      return false;
    });
  for (const final of ['S', 'T', 'L', 'M']) cap(final, () => terminal.rows);
  for (const final of ['I', 'Z', 'b']) cap(final, () => terminal.cols);
}
