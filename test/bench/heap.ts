import type { Page } from 'playwright-core';
import { WebSocket } from 'ws';
import type { App } from '../e2e/app.ts';

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
  const url = /ws:\/\/127\.0\.0\.1:\d+\/\S+/.exec(app.output())?.[0];
  if (!url) throw new Error('the host was not started with an inspector');
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  const send = (method: string, params: object = {}) =>
    new Promise<{ result: { value: number } }>((resolve) => {
      const id = ++last;
      const listener = (data: unknown) => {
        const message = JSON.parse(String(data)) as { id?: number; result: { result: { value: number } } };
        if (message.id !== id) return;
        socket.off('message', listener);
        resolve(message.result);
      };
      socket.on('message', listener);
      socket.send(JSON.stringify({ id, method, params }));
    });
  const meter = async () => {
    for (let round = 0; round < 3; round++) await send('HeapProfiler.collectGarbage');
    const { result } = await send('Runtime.evaluate', { expression: '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())' });
    return mb(result.value);
  };
  return Object.assign(meter, { close: () => socket.close() });
}
