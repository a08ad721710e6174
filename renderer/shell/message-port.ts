import type { Port } from '../../shared/ipc/wire.ts';

/** The contract's pipe over a MessagePort that the preload handed over. */
export function messagePort(port: MessagePort): Port {
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  const shut = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners) listener();
  };
  port.addEventListener('close', shut);
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data));
      port.start();
    },
    onClose: (listener) => void closeListeners.push(listener),
    close: () => {
      port.close();
      shut();
    },
  };
}
