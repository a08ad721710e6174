import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { have } from '../../test/support/have.ts';
import { type LockKind, lockPathOf, type OpenLockFile, systemLocks, withLock } from './file-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));
const locks = systemLocks();
const quick = { retryMs: 5, giveUpMs: 60 };

/** util-linux's flock(1) in a process of its own holds the file, as tsh would. */
async function held<T>(path: string, kind: '-x' | '-s', work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [kind, path, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  try {
    return await work();
  } finally {
    holder.stdin.end();
    await new Promise((resolve) => holder.once('exit', resolve));
  }
}

describe.skipIf(!have('flock'))('file locks', () => {
  it('wait for another process and say when it was in vain', async () => {
    const path = join(folder, 'a.key');
    const locked = (kind: 'shared' | 'exclusive') => withLock(locks, { path, kind, wait: quick }, async (got) => got);
    expect(await locked('exclusive')).toBe(true);
    await held(path, '-x', async () => {
      expect(await locked('exclusive')).toBe(false);
      expect(await locked('shared')).toBe(false);
    });
    await held(path, '-s', async () => {
      expect(await locked('shared')).toBe(true);
      expect(await locked('exclusive')).toBe(false);
    });
    expect(await locked('exclusive')).toBe(true);
  });

  it('takes the lock as soon as it is given back', async () => {
    const path = join(folder, 'b.key');
    let refusals = 0;
    let waiting: Promise<boolean> | undefined;
    await held(path, '-x', async () => {
      const counted: OpenLockFile = (...given) => {
        const file = locks(...given);
        const tryLock = (kind: LockKind) => {
          const got = file?.tryLock(kind) ?? false;
          if (!got) refusals++;
          return got;
        };
        return file && { tryLock, close: () => file.close() };
      };
      waiting = withLock(counted, { path, kind: 'exclusive', wait: { retryMs: 10, giveUpMs: 10_000 } }, async (got) => got);
      await vi.waitFor(() => expect(refusals).toBeGreaterThan(1));
    });
    expect(await waiting).toBe(true);
  });

  it('readers make no file where there is none', async () => {
    const path = join(folder, 'c.key');
    expect(await withLock(locks, { path, kind: 'shared', wait: quick }, async (got) => got)).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it('gives the lock back when the work fails', async () => {
    const path = join(folder, 'd.key');
    await expect(withLock(locks, { path, kind: 'exclusive', wait: quick }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(locks, { path, kind: 'exclusive', wait: quick }, async (got) => got)).toBe(true);
  });

  it('locks a companion on Windows', () => {
    expect(lockPathOf('C:\\k\\alice.key', 'win32')).toBe('C:\\k\\alice.key.lock.tmp');
    expect(lockPathOf('C:\\k\\kube_credentials.lock', 'win32')).toBe('C:\\k\\kube_credentials.lock');
    expect(lockPathOf('/k/alice.key', 'linux')).toBe('/k/alice.key');
  });
});
