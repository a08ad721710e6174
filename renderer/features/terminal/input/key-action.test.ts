import { expect, test } from 'vitest';
import type { Platform } from '../../../../shared/settings/keymap.ts';
import { keyAction } from './key-action.ts';

function press(chord: string, platform: Platform) {
  const parts = chord.split('+');
  const key = parts.at(-1)!;
  return keyAction(
    {
      key,
      ctrlKey: parts.includes('Ctrl'),
      shiftKey: parts.includes('Shift'),
      altKey: parts.includes('Alt'),
      metaKey: parts.includes('Cmd'),
    },
    platform,
  );
}

test.each('abcdefghijklmnopqrstuvwxyz'.split(''))('Ctrl+%s belongs to the shell on every platform', (letter) => {
  for (const platform of ['darwin', 'win32', 'linux'] as const) expect(press(`Ctrl+${letter}`, platform)).toEqual({ kind: 'terminal' });
});

test('copy and paste by platform', () => {
  for (const platform of ['win32', 'linux'] as const) {
    expect(press('Ctrl+Shift+C', platform)).toEqual({ kind: 'copy' });
    expect(press('Ctrl+Shift+V', platform)).toEqual({ kind: 'native' });
    expect(press('Ctrl+Insert', platform)).toEqual({ kind: 'copy' });
    expect(press('Shift+Insert', platform)).toEqual({ kind: 'native' });
  }
  expect(press('Cmd+c', 'darwin')).toEqual({ kind: 'native' });
  expect(press('Cmd+v', 'darwin')).toEqual({ kind: 'native' });
  expect(press('Ctrl+Shift+C', 'darwin')).toEqual({ kind: 'terminal' });
});

test('Alt with an arrow moves by words', () => {
  expect(press('Alt+ArrowLeft', 'linux')).toEqual({ kind: 'send', text: '\x1bb' });
  expect(press('Alt+ArrowRight', 'darwin')).toEqual({ kind: 'send', text: '\x1bf' });
  expect(press('Ctrl+Alt+ArrowRight', 'linux')).toEqual({ kind: 'terminal' });
});
