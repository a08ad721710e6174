import type { Terminal } from '@xterm/xterm';
import type { RowFactory } from '../guards/xterm-inside.ts';

const taught = new WeakSet<object>();

/**
 * Has the DOM renderer compute the contrast of reverse video with the colour that it draws: where a cell's background is the default
 * one, its text becomes that background, but xterm 6.0.0 compares the default text colour, so that black in reverse is drawn black on
 * black. Call it once the terminal is open; it holds for every renderer of the page made later.
 */
export function contrastOfInverse(terminal: Terminal): void {
  const factory = terminal._core._renderService?._renderer.value?._rowFactory;
  if (!factory) return;
  const kind: RowFactory = Object.getPrototypeOf(factory);
  if (taught.has(kind)) return;
  taught.add(kind);
  const apply = kind._applyMinimumContrast;
  kind._applyMinimumContrast = function (element, behind, text, cell, behindInstead, textInstead) {
    const { background, foreground } = this._themeService.colors;
    const drawn = text === foreground && !textInstead && cell.isInverse() && cell.isBgDefault() ? background : text;
    return apply.call(this, element, behind, drawn, cell, behindInstead, textInstead);
  };
}
