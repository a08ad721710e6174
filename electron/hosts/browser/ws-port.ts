import type { WebSocket } from 'ws';
import type { Port } from '../../../shared/ipc/wire.ts';
import { decodeFrame, encodeFrame } from '../../../shared/ipc/ws-codec.ts';

/** Streams are held back by credits, so only a page that has stopped reading leaves this much unsent; it is disconnected. */
const maxBuffered = 64 * 1024 * 1024;

/** The contract's pipe over an open WebSocket of the browser host. */
export function webSocketServerPort(socket: WebSocket): Port {
  socket.binaryType = 'nodebuffer';
  return {
    post(message) {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(encodeFrame(message));
      if (socket.bufferedAmount > maxBuffered) socket.terminate();
    },
    onMessage: (listener) =>
      void socket.on('message', (data: Buffer, isBinary: boolean) => listener(decodeFrame(isBinary ? data : data.toString('utf8')))),
    onClose: (listener) => void socket.on('close', () => listener()),
    close: () => socket.close(),
  };
}
