import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchHome } from './watch-home.ts';

let root: string;
let home: string;
let stop = () => {};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-watch-'));
  home = join(root, 'tsh');
});
afterEach(() => {
  stop();
  rmSync(root, { recursive: true });
});

const settled = (ms = 250) => new Promise((resolve) => setTimeout(resolve, ms));

function start() {
  const onChange = vi.fn();
  stop = watchHome({ folder: home, onChange, debounceMs: 60, pollMs: 50 });
  return onChange;
}

it('tells of a burst once', async () => {
  mkdirSync(join(home, 'keys/proxy'), { recursive: true });
  const onChange = start();
  await settled();
  onChange.mockClear();
  for (let index = 0; index < 50; index++) writeFileSync(join(home, 'keys/proxy/alice.crt'), `${index}`);
  await settled();
  expect(onChange).toHaveBeenCalledTimes(1);
});

it('sees files in folders made after it began', async () => {
  mkdirSync(home);
  const onChange = start();
  await settled();
  onChange.mockClear();
  mkdirSync(join(home, 'keys/proxy/alice-ssh'), { recursive: true });
  await settled();
  onChange.mockClear();
  writeFileSync(join(home, 'keys/proxy/alice-ssh/c-cert.pub'), 'x');
  await settled();
  expect(onChange).toHaveBeenCalled();
});

it('waits for a folder that is missing, and notices it vanish and return', async () => {
  const onChange = start();
  await settled();
  expect(onChange).not.toHaveBeenCalled();
  mkdirSync(home);
  await settled();
  expect(onChange).toHaveBeenCalled();
  onChange.mockClear();
  rmSync(home, { recursive: true });
  await settled();
  expect(onChange).toHaveBeenCalled();
  mkdirSync(home);
  await settled();
  onChange.mockClear();
  writeFileSync(join(home, 'proxy.yaml'), 'x');
  await settled();
  expect(onChange).toHaveBeenCalled();
});

it('follows the path, not the folder that was moved away', async () => {
  mkdirSync(home);
  const onChange = start();
  await settled();
  renameSync(home, join(root, 'elsewhere'));
  mkdirSync(home);
  await settled();
  onChange.mockClear();
  writeFileSync(join(home, 'current-profile'), 'x');
  await settled();
  expect(onChange).toHaveBeenCalled();
});

it('is silent about our own temporary files and after its end', async () => {
  mkdirSync(home);
  const onChange = start();
  await settled();
  onChange.mockClear();
  writeFileSync(join(home, '.slipway-1-abc.tmp'), 'x');
  await settled();
  expect(onChange).not.toHaveBeenCalled();
  stop();
  writeFileSync(join(home, 'current-profile'), 'x');
  await settled();
  expect(onChange).not.toHaveBeenCalled();
});
