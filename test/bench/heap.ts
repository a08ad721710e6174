import type { Page } from 'playwright-core';
import type { App } from '../e2e/app.ts';
import { inspect } from '../support/inspector.ts';

/** Megabytes of heap and external memory after a forced collection. */
export type HeapMeter = () => Promise<number>;

const mb = (bytes: number) => bytes / 1e6;

/** JavaScript's heap, the page's own objects and array buffers. */
export async function pageHeap(page: Page): Promise<HeapMeter> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  return async () => {
    for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
    const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; embedderHeapUsedSize?: number; backingStorageSize?: number };
    return mb(usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0));
  };
}

/** Starts a Node process so that `hostHeap` can look into it. */
export const inspected = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** `heapUsed` and `external` of the browser host, asked through its inspector. */
export async function hostHeap(app: App): Promise<HeapMeter & { close(): void }> {
  const host = await inspect(app.output());
  const meter = async () => {
    for (let round = 0; round < 3; round++) await host.send('HeapProfiler.collectGarbage');
    return mb(await host.evaluate<number>('(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'));
  };
  return Object.assign(meter, { close: () => host.close() });
}
