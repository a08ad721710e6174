import { expect, test } from 'vitest';
import { defaultSettings, settingsPatchSchema } from './settings.ts';

test('a patch holds only what it names', () => {
  const patch = { terminal: { fontSize: 20 }, profiles: {} };
  expect(settingsPatchSchema.parse(patch)).toEqual(patch);
  expect(settingsPatchSchema.parse({})).toEqual({});
});

test('defaults are complete', () => {
  expect(defaultSettings.terminal).toMatchObject({ fontSize: 14, scrollback: 5000, renderer: 'auto', confirmClose: true });
});
