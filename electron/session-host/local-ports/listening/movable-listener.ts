import type { Socket } from 'node:net';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { LocalListener } from '../../../lib/loopback/local-listener.ts';
import type { Reporter } from './reporter.ts';

/** Listens on one loopback port at a time, and can change to another. */
export class MovableListener {
  readonly #onConnection: (socket: Socket) => void;
  readonly #reporter: Reporter;
  #current: LocalListener | null = null;
  #isClosed = false;

  /** `onConnection` gets the connections of this user's programs. Those of other users are refused, and the row says so. */
  constructor(onConnection: (socket: Socket) => void, reporter: Reporter) {
    this.#onConnection = onConnection;
    this.#reporter = reporter;
  }

  /** 0 until it listens. */
  get port(): number {
    return this.#current?.port ?? 0;
  }

  /** Listens on `port`, null takes any free one, and leaves the old port once that works. Rejects as `LocalListener.open`; the old port stays then. */
  async move(port: number | null): Promise<void> {
    const listener = await LocalListener.open({
      port,
      onConnection: (socket) => (this.#isClosed ? socket.destroy() : this.#onConnection(socket)),
      onOtherUser: () =>
        this.#reporter.failed(new AppError('access-denied', 'Another user of this computer tried to use this connection, and was refused.')),
    });
    this.#current?.close();
    this.#current = listener;
    if (this.#isClosed) listener.close();
  }

  /** Ends the connections that are open; new ones are still taken. */
  endAll(): void {
    this.#current?.endAll();
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.close();
  }
}
