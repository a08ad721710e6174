/** Digits of three by five pixels, a row a number. */
const digits = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 7, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 1, 2, 2],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
];
const plus = [0, 2, 7, 2, 0];

/** Pixels of the badge at each edge; the taskbar scales it down where it is smaller. */
export const badgeSize = 32;
const scale = 3;
const glyphWidth = 3 * scale;
const gap = 2;

/** A red disc with a number up to 9 and "9+" beyond, as BGRA pixels from the top left: what the Windows taskbar shows over the app's icon. */
export function badgePixels(count: number): Buffer {
  const pixels = Buffer.alloc(badgeSize * badgeSize * 4);
  const put = (x: number, y: number, color: readonly number[]) => pixels.set(color, (y * badgeSize + x) * 4);
  const middle = (badgeSize - 1) / 2;
  for (let y = 0; y < badgeSize; y++)
    for (let x = 0; x < badgeSize; x++) if (Math.hypot(x - middle, y - middle) <= badgeSize / 2) put(x, y, [0x2f, 0x2f, 0xd3, 0xff]);
  const digit = Math.min(count, 9);
  const glyphs = [...digits.slice(digit, digit + 1), ...(count > 9 ? [plus] : [])];
  const left = Math.round((badgeSize - glyphs.length * glyphWidth - (glyphs.length - 1) * gap) / 2);
  const top = Math.round((badgeSize - 5 * scale) / 2);
  glyphs.forEach((rows, index) => {
    for (let y = 0; y < 5 * scale; y++)
      for (let x = 0; x < glyphWidth; x++)
        if ((rows[Math.floor(y / scale)] ?? 0) & (4 >> Math.floor(x / scale)))
          put(left + index * (glyphWidth + gap) + x, top + y, [0xff, 0xff, 0xff, 0xff]);
  });
  return pixels;
}
