import type { Terminal } from '@xterm/xterm';

/**
 * Marks that one cell keeps. No script needs more than about ten, and the Unicode stream-safe format has room for 30; drawing a
 * cell takes the browser time with the square of its length.
 */
export const mostMarks = 16;

/** First code point that can be a mark: below are Latin letters and controls. */
const firstMark = 0x300;

/**
 * Drops what would be joined to a cell (accents, joiners, variation selectors, vowels of Hangul, tags) beyond `mostMarks`. It
 * counts decoded code points, so neither pieces of output nor escape sequences between marks begin a new count.
 */
export function limitMarks(terminal: Terminal): void {
  const { _inputHandler: input, unicodeService: unicode } = terminal._core;
  let marks = 0;
  input._parser.setPrintHandler((codePoints, start, end) => {
    let kept = start;
    for (let at = start; at < end; at++) {
      const code = codePoints[at]!;
      if (code < firstMark || unicode.wcwidth(code) > 0) marks = 0;
      else if (++marks > mostMarks) continue;
      if (kept !== at) codePoints[kept] = code;
      kept++;
    }
    if (kept > start) input.print(codePoints, start, kept);
  });
}
