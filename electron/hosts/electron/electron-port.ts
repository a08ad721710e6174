import type { Port } from '../../../shared/ipc/wire.ts';

/** The part of Electron's `MessagePortMain` that is used, so that this file needs no Electron. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The contract's pipe over a port of Electron's main side. What arrived before the first listener is delivered to it. */
export function electronPort(port: MessagePortLike): Port {
  let isOpen = true;
  const closeListeners: (() => void)[] = [];
  const shut = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners) listener();
  };
  port.on('close', shut);
  return {
    post(message) {
      if (!isOpen) return;
      port.postMessage(message.t === 'data' ? { ...message, bytes: alone(message.bytes) } : message);
    },
    onMessage(listener) {
      port.on('message', ({ data }) => {
        if (isOpen) listener(data);
      });
      port.start();
    },
    onClose: (listener) => void closeListeners.push(listener),
    close() {
      port.close();
      shut();
    },
  };
}

/** A view of a larger buffer is cloned with all of that buffer (a pooled `Buffer` with its whole pool): send a copy of its own part. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}
