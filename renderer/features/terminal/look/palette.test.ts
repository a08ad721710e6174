import { expect, test } from 'vitest';
import { ansiNames, contrast, palettes } from './palette.ts';

test('the contrast of known pairs', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

const greys = ['black', 'white', 'brightBlack', 'brightWhite'];
const colours = ansiNames.filter((name) => !greys.includes(name));

test.each(['light', 'dark'] as const)('%s: black and white are the ends', (theme) => {
  const { black, white, brightWhite } = palettes[theme];
  expect([black, brightWhite]).toEqual(['#000000', '#ffffff']);
  expect(contrast(black, white)).toBeGreaterThan(15);
});

for (const theme of ['light', 'dark'] as const)
  test.each([...colours, 'brightBlack', 'foreground', 'cursor'] as const)(`${theme}: %s can be read on the background`, (name) => {
    const { background, [name]: colour } = palettes[theme];
    expect(contrast(colour as string, background)).toBeGreaterThanOrEqual(4.5);
  });

test.each(['light', 'dark'] as const)('%s: selected text can be read', (theme) => {
  const { foreground, selectionBackground } = palettes[theme];
  expect(contrast(foreground, selectionBackground!)).toBeGreaterThanOrEqual(4.5);
});
