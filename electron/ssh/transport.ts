import type { Duplex } from 'node:stream';

/** A byte stream that counts, as sockets do; the counts decide when keys are renewed. */
export type Transport = Duplex & { readonly bytesRead: number; readonly bytesWritten: number };
