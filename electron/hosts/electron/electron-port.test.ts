import { MessageChannel, type MessagePort } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { WireMessage } from '../../../shared/ipc/wire.ts';
import { electronPort, type MessagePortLike } from './electron-port.ts';

/** Node's ports clone as Electron's do; only the event differs. */
function like(port: MessagePort): MessagePortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: 'message' | 'close', listener: (event: never) => void) =>
      event === 'close'
        ? port.on('close', listener as () => void)
        : port.on('message', (data) => (listener as (event: { data: unknown }) => void)({ data })),
    start: () => port.start(),
    close: () => port.close(),
  };
}

function pair() {
  const { port1, port2 } = new MessageChannel();
  return { near: electronPort(like(port1)), far: electronPort(like(port2)), raw: port2 };
}

test('bytes cross as they are and without the rest of the buffer they are a view of', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(50), async (bytes, offset) => {
      const { near, raw } = pair();
      const pool = Buffer.alloc(8192, 'secret');
      pool.set(bytes, offset);
      const arrived = new Promise<{ bytes: Uint8Array }>((resolve) => raw.once('message', resolve));
      near.post({ t: 'data', id: 1, bytes: pool.subarray(offset, offset + bytes.length) });
      const { bytes: received } = await arrived;
      expect(received).toBeInstanceOf(Uint8Array);
      expect([...received]).toEqual([...bytes]);
      expect(received.buffer.byteLength).toBe(bytes.length);
      near.close();
    }),
    { numRuns: 20 },
  );
});

test('messages sent before anybody listens wait, in order', async () => {
  const { near, far } = pair();
  const sent: WireMessage[] = [1, 2, 3].map((id) => ({ t: 'cancel', id }));
  for (const message of sent) near.post(message);
  const received: unknown[] = [];
  far.onMessage((message) => received.push(message));
  await vi.waitFor(() => expect(received).toEqual(sent));
  near.close();
});

test('closing one end closes both, once, and posting afterwards does nothing', async () => {
  const { near, far } = pair();
  const nearClosed = vi.fn();
  const farClosed = vi.fn();
  near.onClose(nearClosed);
  far.onClose(farClosed);
  far.onMessage(() => {});
  near.close();
  near.close();
  near.post({ t: 'cancel', id: 1 });
  await vi.waitFor(() => expect(farClosed).toHaveBeenCalledOnce());
  expect(nearClosed).toHaveBeenCalledOnce();
});
