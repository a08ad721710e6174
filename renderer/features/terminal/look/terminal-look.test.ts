import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultSettings } from '../../../../shared/settings/settings.ts';
import { fontFamily, terminalLook } from './terminal-look.ts';

test('the screen reader follows the machine unless set', () => {
  const look = (screenReader: 'auto' | 'on' | 'off', running: boolean) =>
    terminalLook({ ...defaultSettings.terminal, screenReader }, 'dark', { platform: 'linux', screenReader: running }).screenReader;
  expect([look('auto', true), look('auto', false), look('on', false), look('off', true)]).toEqual([true, false, true, false]);
});

test("the person's font comes before the platform's", () => {
  expect(fontFamily("JetBrains Mono, 'Fira Code'", 'darwin')).toBe("JetBrains Mono, 'Fira Code', Menlo, Monaco, monospace");
  expect(fontFamily('  ', 'darwin')).toBe('Menlo, Monaco, monospace');
});

test('no typed font can leave its declaration in a style sheet', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) => {
      const family = fontFamily(typed, 'other');
      expect(family).not.toMatch(/[{};:\\<>()\n]/);
      expect(family.split('"').length % 2).toBe(1);
      expect(family.split("'").length % 2).toBe(1);
    }),
  );
});
