import { setTimeout as delay } from 'node:timers/promises';

/** Polls until `probe` gives something truthy, and returns it; fails with `what` after `timeout` milliseconds. */
export async function waitUntil<T>(probe: () => T | Promise<T>, what: string, timeout = 10_000): Promise<NonNullable<T>> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${timeout} ms in vain for ${what}`);
    await delay(20);
  }
}
