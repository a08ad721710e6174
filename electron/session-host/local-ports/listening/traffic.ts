import type { Socket } from 'node:net';

/** Counts the bytes of a connection; the list reads the counts from time to time. */
export class Traffic {
  readonly #sockets = new Set<Pick<Socket, 'bytesRead' | 'bytesWritten'>>();
  #sent = 0;
  #received = 0;
  /** Programs that connected since it was opened. */
  total = 0;

  get clients(): number {
    return this.#sockets.size;
  }

  /** Towards the target. */
  get sent(): number {
    let sum = this.#sent;
    for (const socket of this.#sockets) sum += socket.bytesRead;
    return sum;
  }

  get received(): number {
    let sum = this.#received;
    for (const socket of this.#sockets) sum += socket.bytesWritten;
    return sum;
  }

  /** Follows a program's connection until it is closed. */
  follow(socket: Pick<Socket, 'bytesRead' | 'bytesWritten' | 'once' | 'closed'>): void {
    this.total++;
    if (socket.closed) return;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#sent += socket.bytesRead;
      this.#received += socket.bytesWritten;
    });
  }

  reset(): void {
    this.#sent = 0;
    this.#received = 0;
    this.total = this.#sockets.size;
  }
}
