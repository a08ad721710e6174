import { expect, test } from 'vitest';
import { lineHeight, type MeasureText } from './line-height.ts';

/** A font whose box is `above` and `below`, with ink that reaches further by these. */
const font =
  (above: number, below: number, over: number, under: number): MeasureText =>
  () => ({ boxAbove: above, boxBelow: below, inkAbove: above + over, inkBelow: below + under });

/** Rows that xterm makes of it. */
const rowOf = (height: number, character: number) => Math.floor(character * height);

test('a font whose box holds its glyphs keeps its height', () => {
  expect(rowOf(lineHeight('x', 14, 1, font(13, 4, 0, 0)), 17)).toBe(17);
  expect(rowOf(lineHeight('x', 14, 1, font(13, 4, -2, -1)), 17)).toBe(17);
});

test('DejaVu Sans Mono at 14 px: its tails reach a pixel below its box, and get it', () => {
  expect(rowOf(lineHeight('x', 14, 1, font(13, 3, 0, 1)), 16)).toBe(17);
});

test('what a row gets is put half above, rounded down, so ink above the box costs two pixels', () => {
  expect(rowOf(lineHeight('x', 14, 1, font(13, 3, 1, 0)), 16)).toBe(18);
  expect(rowOf(lineHeight('x', 14, 1, font(13, 3, 1, 2)), 16)).toBe(19);
});

test('at a fraction of a pixel ratio the rest is odd', () => {
  expect(rowOf(lineHeight('x', 14, 1.25, font(16, 4, 0, 0)), 25)).toBe(25); // never below xterm's own height
  const device: MeasureText = (name) => (name.startsWith('17.5') ? font(16, 4, 1, 0)(name, '') : font(13, 3, 0, 0)(name, ''));
  expect(rowOf(lineHeight('x', 14, 1.25, device), 20)).toBe(23);
});

test('a font that cannot be measured changes nothing', () => {
  expect(lineHeight('x', 14, 1, font(0, 0, 0, 0))).toBe(1);
});
