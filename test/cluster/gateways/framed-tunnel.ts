import type { Duplex } from 'node:stream';
import type tls from 'node:tls';

/** How often a sign of life is sent where the client asked for them (ssh-and-gateways §5.3). */
const pingEvery = 30_000;
const maxFrame = 16 * 1024 * 1024;

/** The bytes of an ALPN tunnel as the service behind it sees them: without frames and signs of life, if the client negotiated those. */
export interface Tunnel {
  /** Takes a whole chunk; false asks to wait for `onDrain`. */
  write(bytes: Buffer): boolean;
  end(): void;
  destroy(): void;
  pause(): void;
  resume(): void;
  onData(listener: (bytes: Buffer) => void): void;
  onDrain(listener: () => void): void;
  /** Once, when no more comes, for whatever reason. */
  onClose(listener: () => void): void;
}

export function openTunnel(socket: tls.TLSSocket, interval = pingEvery): Tunnel {
  const isFramed = typeof socket.alpnProtocol === 'string' && socket.alpnProtocol.endsWith('-ping');
  const timer = isFramed ? setInterval(() => socket.write(Buffer.alloc(4)), interval).unref() : undefined;
  socket.once('close', () => clearInterval(timer));
  socket.on('error', () => socket.destroy());
  return {
    write: (bytes) => {
      if (!isFramed) return socket.write(bytes);
      const frame = Buffer.allocUnsafe(4 + bytes.length);
      frame.writeUInt32BE(bytes.length);
      bytes.copy(frame, 4);
      return socket.write(frame);
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    onData: (listener) => void socket.on('data', isFramed ? unframe(listener, () => socket.destroy()) : listener),
    onDrain: (listener) => void socket.on('drain', listener),
    onClose: (listener) => {
      let isOver = false;
      const over = () => {
        if (!isOver) listener();
        isOver = true;
      };
      socket.once('end', over);
      socket.once('close', over);
    },
  };
}

/** Joins a tunnel with a service's connection until either ends. `head` was read off the tunnel before. */
export function join(tunnel: Tunnel, service: Duplex, head: Buffer | null = null): void {
  if (head && head.length > 0) service.write(head);
  tunnel.onData((bytes) => {
    if (!service.write(bytes)) tunnel.pause();
  });
  service.on('data', (bytes: Buffer) => {
    if (!tunnel.write(bytes)) service.pause();
  });
  tunnel.onDrain(() => service.resume());
  service.on('drain', () => tunnel.resume());
  tunnel.onClose(() => service.end());
  service.once('end', () => tunnel.end());
  service.once('close', () => tunnel.end());
  service.on('error', () => tunnel.end());
  tunnel.resume();
  service.resume();
}

function unframe(listener: (bytes: Buffer) => void, broken: () => void): (chunk: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0);
      if (length > maxFrame) return broken();
      if (pending.length < 4 + length) return;
      if (length > 0) listener(pending.subarray(4, 4 + length));
      pending = pending.subarray(4 + length);
    }
  };
}
