import type { Terminal } from '@xterm/xterm';
import type { WidthCache } from './xterm-inside.ts';

/** Texts of cells whose width is remembered: a screen of the largest window full of different ones. */
const mostWidths = 20_000;

const taught = new WeakSet<object>();

/**
 * Has the DOM renderer measure cells on a canvas, which needs no layout: by itself it lays the whole page out anew for each text
 * it has not seen, some thousand times for a frame of mixed scripts. Also bounds the widths it remembers. Call it once the terminal
 * is open; it holds for every renderer of the page made later.
 */
export function measureOnCanvas(terminal: Terminal): void {
  const cache = terminal._core._renderService?._renderer.value?._widthCache;
  const context = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');
  if (!cache || !context) return;
  const kind: WidthCache = Object.getPrototypeOf(cache);
  if (taught.has(kind)) return;
  taught.add(kind);
  context.fontKerning = 'none';
  let set = '';
  kind._measure = function (text, variant) {
    const weight = variant & 1 ? this._weightBold : this._weight;
    const font = `${variant & 2 ? 'italic ' : ''}${weight} ${this._fontSize}px ${this._font}`;
    if (font !== set) {
      context.font = font;
      set = font;
    }
    if (this._holey.size >= mostWidths) this._holey.clear();
    return context.measureText(text).width;
  };
}
