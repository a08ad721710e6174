import { expect, it } from 'vitest';
import { configJson } from './config-script.ts';

it.each([
  ['var GRV_CONFIG = {"a":1};', '{"a":1}'],
  ['\n var GRV_CONFIG={"a":"};"} \n', '{"a":"};"}'],
  ['var GRV_CONFIG = {} ; ', '{}'],
  ['<html>', ''],
  ['var GRV_CONFIG', ''],
  ['var GRV_CONFIGS = {}', ''],
  ['', ''],
])('%j holds %j', (script, json) => expect(configJson(script)).toBe(json));

it('reads as much as an answer may hold at once, also when it is made of spaces and braces', () => {
  const half = 1024 * 1024;
  expect(configJson(`var GRV_CONFIG = {${'}'.repeat(half)}${' '.repeat(half)}x`)).toMatch(/^\{\}/);
  expect(configJson(`${' '.repeat(2 * half)}x`)).toBe('');
});
