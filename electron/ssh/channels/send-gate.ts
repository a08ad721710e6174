import type { Client } from '../ssh2-internals.ts';
import type { Transport } from '../transport.ts';

/** Bytes that may wait for the network, beyond what the system's own buffers hold. */
const enough = 1024 * 1024;

/**
 * Tells writers on one connection when their bytes have left: ssh2 itself accepts everything at once, however slowly the server
 * reads.
 */
export class SendGate {
  readonly #client: Client;
  readonly #sock: Transport;
  #waiting: (() => void)[] = [];

  constructor(client: Client, sock: Transport) {
    this.#client = client;
    this.#sock = sock;
    const open = () => {
      if (this.isShut) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const pass of waiting) pass();
    };
    sock.on('drain', open);
    sock.once('close', open);
    client.on('handshake', open);
  }

  /** Whether new bytes would have to wait, behind others or for the end of a key exchange. */
  get isShut(): boolean {
    if (this.#sock.destroyed) return false;
    return this.#client._protocol._kexinit !== undefined || this.#sock.writableLength > enough;
  }

  /** Whether some bytes have not left yet. */
  get hasUnsent(): boolean {
    return this.#client._protocol._kexinit !== undefined || this.#sock.writableNeedDrain;
  }

  /** Calls back at once, or when there is room again, or the connection has ended. */
  pass(done: () => void): void {
    if (this.isShut) this.#waiting.push(done);
    else done();
  }
}
