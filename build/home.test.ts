import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkoutHome, moveOldHome } from './home.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-checkout-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function fill(folder: string, text: string) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'state.json'), text);
}

test('data in node_modules moves to where an install leaves it alone', () => {
  fill(join(root, 'node_modules/.slipway-home'), 'old');
  moveOldHome(root);
  expect(readFileSync(join(checkoutHome(root), 'state.json'), 'utf8')).toBe('old');
  expect(existsSync(join(root, 'node_modules/.slipway-home'))).toBe(false);
  moveOldHome(root);
  expect(readdirSync(join(root, '.slipway'))).toEqual(['home']);
});

test('data that is already there is kept beside the old', () => {
  fill(checkoutHome(root), 'new');
  fill(join(root, 'node_modules/.slipway-home'), 'old');
  moveOldHome(root);
  expect(readFileSync(join(checkoutHome(root), 'state.json'), 'utf8')).toBe('new');
  expect(readFileSync(join(root, '.slipway/home-old-1/state.json'), 'utf8')).toBe('old');
});
