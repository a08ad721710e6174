/** Measures one text in a font as it is drawn in device pixels: the ink above and below the baseline, and the font's own box. */
export type MeasureText = (font: string, text: string) => { inkAbove: number; inkBelow: number; boxAbove: number; boxBelow: number };

/** What reaches highest and lowest in the text of programs: underscores, tails, brackets, accents on capitals. */
const tallest = '_gjpqy|{}[]()@Q$ÅÉÑÇ';

/**
 * The line height, as xterm's option, at which every glyph of the font is whole: the browser rounds a font's ascent and descent, at
 * small sizes downwards, and rows of exactly that height cut off underscores and tails.
 */
export function lineHeight(fontFamily: string, fontSize: number, pixelRatio: number, measure: MeasureText): number {
  const css = measure(`${fontSize}px ${fontFamily}`, 'W');
  const device = measure(`${fontSize * pixelRatio}px ${fontFamily}`, tallest);
  const over = Math.max(0, Math.ceil(device.inkAbove - device.boxAbove - tolerance));
  const under = Math.max(0, Math.ceil(device.inkBelow - device.boxBelow - tolerance));
  // Of what a row is higher than its font the browser puts half above the text, rounded down, and the rest below it.
  let extra = Math.max(0, 2 * over, 2 * under - 1);
  // Rows of whole device pixels are fractions of CSS pixels then, a little smaller at times; half of an odd number is still enough.
  if (!Number.isInteger(pixelRatio) && extra % 2 === 0) extra++;
  const wanted = device.boxAbove + device.boxBelow + extra;
  const character = Math.ceil((css.boxAbove + css.boxBelow) * pixelRatio); // the height that xterm multiplies and rounds down
  return character > 0 ? Math.max(1, (wanted + 0.01) / character) : 1;
}

/** Ink of less than a tenth of a pixel cannot be seen. */
const tolerance = 0.1;

/** Measures on a canvas; null where there is none. */
export function canvasMeasure(): MeasureText | null {
  const context = typeof OffscreenCanvas === 'undefined' ? null : new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return null;
  return (font, text) => {
    context.font = font;
    const found = context.measureText(text);
    return {
      inkAbove: found.actualBoundingBoxAscent,
      inkBelow: found.actualBoundingBoxDescent,
      boxAbove: found.fontBoundingBoxAscent,
      boxBelow: found.fontBoundingBoxDescent,
    };
  };
}
