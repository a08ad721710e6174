import type { Port, WireMessage } from '../../shared/ipc/wire.ts';
import { decodeFrame, encodeFrame } from '../../shared/ipc/ws-codec.ts';

/** The contract's pipe over a WebSocket to the browser host. Messages that are posted before it is open wait. */
export function webSocketPort(url: string | URL, protocols: string[]): Port {
  const socket = new WebSocket(url, protocols);
  socket.binaryType = 'arraybuffer';
  const waiting: WireMessage[] = [];
  const send = (message: WireMessage) => socket.send(encodeFrame(message));
  socket.addEventListener('open', () => {
    for (const message of waiting.splice(0)) send(message);
  });
  return {
    post: (message) => {
      if (socket.readyState === WebSocket.CONNECTING) waiting.push(message);
      else if (socket.readyState === WebSocket.OPEN) send(message);
    },
    onMessage: (listener) =>
      socket.addEventListener('message', ({ data }) => listener(decodeFrame(typeof data === 'string' ? data : new Uint8Array(data)))),
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}
