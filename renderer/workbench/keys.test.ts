import { expect, test } from 'vitest';
import { commandIds, commandTable, type Platform } from '../../shared/settings/keymap.ts';
import { chordOf, keyFinder, keysLabel } from './keys.ts';

const platforms: readonly Platform[] = ['darwin', 'win32', 'linux', 'other'];
const press = (change: Partial<KeyboardEvent>) => ({ key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });

test.each(platforms)('no two commands share keys on %s', (platform) => {
  const keys = commandIds.map((id) => commandTable[id].keys[platform]).filter(Boolean);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(['win32', 'linux', 'other'] as const)('no command takes a key of the shell on %s', (platform) => {
  for (const id of commandIds) expect(commandTable[id].keys[platform]).not.toMatch(/^Ctrl\+[A-Z[\]\\^_@ ]$/);
});

test('a press is found by the letter, whatever Shift makes of it', () => {
  expect(chordOf(press({ key: 'K', code: 'KeyK', ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+K');
  expect(keyFinder('linux')(press({ key: 'K', code: 'KeyK', ctrlKey: true, shiftKey: true }))).toBe('quick-connect');
  expect(keyFinder('linux')(press({ key: '~', code: 'Backquote', ctrlKey: true, shiftKey: true }))).toBe('tab.shell');
  expect(keyFinder('linux')(press({ key: '3', code: 'Digit3', altKey: true }))).toBe('tab.3');
});

test('a layout without Latin letters uses the place of the key, one with moved letters the letter', () => {
  expect(keyFinder('linux')(press({ key: 'Л', code: 'KeyK', ctrlKey: true, shiftKey: true }))).toBe('quick-connect');
  expect(keyFinder('darwin')(press({ key: 'k', code: 'KeyV', metaKey: true }))).toBe('quick-connect');
});

test('the same key without its modifiers is nobody’s', () => {
  expect(keyFinder('linux')(press({ key: 'k', code: 'KeyK' }))).toBeUndefined();
  expect(keyFinder('linux')(press({ key: 'k', code: 'KeyK', ctrlKey: true }))).toBeUndefined();
});

test('labels are the platform’s own', () => {
  expect(keysLabel('quick-connect', 'darwin')).toBe('⌘K');
  expect(keysLabel('quick-connect', 'win32')).toBe('Ctrl+Shift+K');
  expect(keysLabel('diagnostics', 'linux')).toBe('');
});
