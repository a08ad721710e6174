import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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

function start() {
  const onChange = vi.fn();
  let opened = () => {};
  stop = watchHome({ folder: home, onChange, onWatched: () => opened(), debounceMs: 60, pollMs: 50 });
  /** Waits until a change was told, and forgets it. */
  const told = async () => {
    await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5000 });
    onChange.mockClear();
  };
  /** Waits until a folder that was just made is watched, and what that tells. */
  const reopened = async () => {
    await new Promise<void>((resolve) => {
      opened = resolve;
    });
    onChange.mockClear();
    await told();
  };
  return { onChange, told, reopened };
}

/** Nothing says that a change was passed over, or that the folder was missed. In this time it is looked for, and a change told, several times. */
const longEnough = () => delay(250);

it('tells of a burst once', async () => {
  mkdirSync(join(home, 'keys/proxy'), { recursive: true });
  const { onChange, told } = start();
  await told();
  for (let index = 0; index < 50; index++) writeFileSync(join(home, 'keys/proxy/alice.crt'), `${index}`);
  await vi.waitFor(() => expect(onChange).toHaveBeenCalled(), { timeout: 5000 });
  writeFileSync(join(home, 'later'), 'x');
  await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThan(1), { timeout: 5000 });
  expect(onChange).toHaveBeenCalledTimes(2);
});

it('sees files in folders made after it began', async () => {
  mkdirSync(home);
  const { told } = start();
  await told();
  mkdirSync(join(home, 'keys/proxy/alice-ssh'), { recursive: true });
  await told();
  writeFileSync(join(home, 'keys/proxy/alice-ssh/c-cert.pub'), 'x');
  await told();
});

it('waits for a folder that is missing, and notices it vanish and return', async () => {
  const { onChange, told, reopened } = start();
  await longEnough();
  expect(onChange).not.toHaveBeenCalled();
  mkdirSync(home);
  await told();
  rmSync(home, { recursive: true });
  await longEnough();
  await told();
  mkdirSync(home);
  await reopened();
  writeFileSync(join(home, 'proxy.yaml'), 'x');
  await told();
});

it('follows the path, not the folder that was moved away', async () => {
  mkdirSync(home);
  const { told, reopened } = start();
  await told();
  renameSync(home, join(root, 'elsewhere'));
  mkdirSync(home);
  await reopened();
  writeFileSync(join(home, 'current-profile'), 'x');
  await told();
});

it('is silent about our own temporary files and after its end', async () => {
  mkdirSync(home);
  const { onChange, told } = start();
  await told();
  writeFileSync(join(home, '.slipway-1-abc.tmp'), 'x');
  await longEnough();
  expect(onChange).not.toHaveBeenCalled();
  stop();
  writeFileSync(join(home, 'current-profile'), 'x');
  await longEnough();
  expect(onChange).not.toHaveBeenCalled();
});
