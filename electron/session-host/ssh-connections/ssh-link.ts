import { AppError } from '../../../shared/errors/app-error.ts';
import type { BorrowedConnection } from './ssh-connections.ts';

/** An SSH connection that is made when somebody needs it, shared by all who do, and made again after it broke. */
export class SshLink {
  readonly #borrow: (signal: AbortSignal) => Promise<BorrowedConnection>;
  readonly #closing = new AbortController();
  #current: Promise<BorrowedConnection> | null = null;

  constructor(borrow: (signal: AbortSignal) => Promise<BorrowedConnection>) {
    this.#borrow = borrow;
  }

  async borrowed(): Promise<BorrowedConnection> {
    if (this.#closing.signal.aborted) throw new AppError('closed', 'The port forward was closed.');
    this.#current ??= this.#open();
    return this.#current;
  }

  /** Gives it back; the next use makes a new one. */
  drop(): void {
    const current = this.#current;
    this.#current = null;
    void current?.then(
      ({ release }) => release(),
      () => {},
    );
  }

  close(): void {
    this.#closing.abort(new AppError('cancelled', 'The port forward was closed.'));
    this.drop();
  }

  #open(): Promise<BorrowedConnection> {
    const opening: Promise<BorrowedConnection> = this.#borrow(this.#closing.signal).then((borrowed) => {
      borrowed.connection.onClose(() => {
        if (this.#current === opening) this.drop();
      });
      return borrowed;
    });
    opening.catch(() => {
      if (this.#current === opening) this.#current = null;
    });
    return opening;
  }
}
