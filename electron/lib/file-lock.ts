import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMissing } from './read-file.ts';

export type LockKind = 'shared' | 'exclusive';

/** An open file that can be locked; closing it gives the lock back. */
export interface LockFile {
  /** Tries once, without waiting. */
  tryLock(kind: LockKind): boolean;
  close(): void;
}

/** Opens the file that carries the lock; null when it is missing and not to be made. */
export type OpenLockFile = (path: string, create: boolean) => LockFile | null;

/** The lock that tsh respects: `flock(2)`, or `LockFileEx` on Windows (tsh-profile §1.6). The native library is loaded at the first use. */
export function systemLocks(): OpenLockFile {
  let open: OpenLockFile | null = null;
  return (path, create) => {
    open ??= process.platform === 'win32' ? windowsLocks() : posixLocks();
    return open(path, create);
  };
}

type Koffi = typeof import('koffi');
const loadKoffi = (): Koffi => createRequire(import.meta.url)('koffi');

/** sys/file.h; the numbers are the same on Linux and macOS. */
const lockOperation = { shared: 1, exclusive: 2, nonBlocking: 4 };

function posixLocks(): OpenLockFile {
  const flock = loadKoffi().load(null).func('int flock(int fd, int operation)');
  return (path, create) => {
    const fd = openToLock(path, create);
    if (fd === null) return null;
    return {
      tryLock: (kind) => flock(fd, lockOperation[kind] | lockOperation.nonBlocking) === 0,
      close: () => closeSync(fd),
    };
  };
}

function openToLock(path: string, create: boolean): number | null {
  try {
    return openSync(path, create ? constants.O_RDWR | constants.O_CREAT : constants.O_RDONLY | constants.O_NONBLOCK, 0o600);
  } catch (caught) {
    if (!create && isMissing(caught)) return null;
    throw caught;
  }
}

/** Constants of the Windows API, by their names there. */
const windows = {
  GENERIC_READ_WRITE: 0xc0000000,
  FILE_SHARE_ALL: 7,
  OPEN_EXISTING: 3,
  OPEN_ALWAYS: 4,
  FILE_ATTRIBUTE_NORMAL: 0x80,
  LOCKFILE_FAIL_IMMEDIATELY: 1,
  LOCKFILE_EXCLUSIVE_LOCK: 2,
};

/** Handles are opened here, since Node links a C runtime of its own whose descriptors no other library can translate. */
function windowsLocks(): OpenLockFile {
  const koffi = loadKoffi();
  const kernel = koffi.load('kernel32.dll');
  const overlapped = koffi.struct({
    Internal: 'uintptr_t',
    InternalHigh: 'uintptr_t',
    Offset: 'uint32_t',
    OffsetHigh: 'uint32_t',
    hEvent: 'intptr_t',
  });
  const createFile = kernel.func('CreateFileW', 'intptr_t', ['str16', 'uint32_t', 'uint32_t', 'void *', 'uint32_t', 'uint32_t', 'intptr_t']);
  const lockFile = kernel.func('LockFileEx', 'bool', [
    'intptr_t',
    'uint32_t',
    'uint32_t',
    'uint32_t',
    'uint32_t',
    koffi.inout(koffi.pointer(overlapped)),
  ]);
  const closeHandle = kernel.func('CloseHandle', 'bool', ['intptr_t']);
  return (path, create) => {
    const disposition = create ? windows.OPEN_ALWAYS : windows.OPEN_EXISTING;
    const handle = createFile(path, windows.GENERIC_READ_WRITE, windows.FILE_SHARE_ALL, null, disposition, windows.FILE_ATTRIBUTE_NORMAL, 0);
    if (Number(handle) === -1) return null;
    return {
      tryLock(kind) {
        const flags = windows.LOCKFILE_FAIL_IMMEDIATELY | (kind === 'exclusive' ? windows.LOCKFILE_EXCLUSIVE_LOCK : 0);
        return lockFile(handle, flags, 0, 0xffffffff, 0xffffffff, { Internal: 0, InternalHigh: 0, Offset: 0, OffsetHigh: 0, hEvent: 0 });
      },
      close: () => closeHandle(handle),
    };
  };
}

/** Unix locks the file itself; Windows a companion that is never removed. */
export function lockPathOf(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' && !path.endsWith('.lock') ? `${path}.lock.tmp` : path;
}

export interface LockWait {
  /** Time between two tries, milliseconds. */
  retryMs: number;
  /** After this time the lock counts as unavailable. */
  giveUpMs: number;
}

/** tsh holds a key's lock for milliseconds and gives up after 200; waiting a second outlasts every writer that keeps the rules. */
export const keyLockWait: LockWait = { retryMs: 20, giveUpMs: 1000 };
export const knownHostsLockWait: LockWait = { retryMs: 10, giveUpMs: 5000 };

export interface LockOptions {
  path: string;
  kind: LockKind;
  wait: LockWait;
}

/**
 * Runs `work` under the lock and gives it back whatever happens. Writers make the file when missing, as tsh does. `work`
 * learns whether the lock is held: it is not when a reader finds no file, or when the wait ran out.
 */
export async function withLock<T>(open: OpenLockFile, { path, kind, wait }: LockOptions, work: (locked: boolean) => Promise<T>): Promise<T> {
  const file = open(lockPathOf(path), kind === 'exclusive');
  if (!file) return work(false);
  try {
    const end = performance.now() + wait.giveUpMs;
    let locked = file.tryLock(kind);
    while (!locked && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, wait.retryMs));
      locked = file.tryLock(kind);
    }
    return await work(locked);
  } finally {
    file.close();
  }
}
