import type { Port, WireMessage } from './wire.ts';

/** A port inside one process, with two extras for tests of bad input: `inject` acts as the far side, `send` skips the types. */
export interface LocalPort extends Port {
  inject(message: unknown): void;
  send(message: unknown): void;
}

/** Two ends of one pipe. Messages arrive in order, in a later microtask, structured-cloned as between processes. */
export function portPair(): [LocalPort, LocalPort] {
  const ends = [makeEnd(), makeEnd()] as const;
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return [ends[0].port, ends[1].port];
}

interface End {
  peer?: End;
  port: LocalPort;
  deliver(message: unknown): void;
  shut(): void;
}

function makeEnd(): End {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let isOpen = true;
  const end: End = {
    deliver(message) {
      if (isOpen) for (const listener of messageListeners) listener(message);
    },
    shut() {
      if (!isOpen) return;
      isOpen = false;
      for (const listener of closeListeners) listener();
    },
    port: {
      post: (message: WireMessage) => end.port.send(message),
      send(message) {
        const copy = structuredClone(message);
        queueMicrotask(() => end.peer?.deliver(copy));
      },
      inject: (message) => end.deliver(message),
      onMessage: (listener) => void messageListeners.push(listener),
      onClose: (listener) => void closeListeners.push(listener),
      close() {
        end.shut();
        queueMicrotask(() => end.peer?.shut());
      },
    },
  };
  return end;
}
