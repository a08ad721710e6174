import { AppError } from '../../../shared/errors/app-error.ts';
import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { LoginAnswer, LoginStep } from '../../../shared/model/login.ts';
import { abortReason, orAborted, throwIfAborted } from '../../lib/deadline.ts';

/** Thrown by `while` when the person went back instead of waiting for the answer. */
export class WentBack extends Error {}

/** A login as it is talked over with the person: one question at a time, each with one answer. The person closes the dialog to end it. */
export class LoginConversation {
  readonly #stream: ServerStream<LoginAnswer, LoginStep>;
  readonly #closing = new AbortController();
  #heard: ((answer: LoginAnswer) => void) | null = null;
  /** A page that begins a login anew sends its answer along, before anything was asked. */
  #early: LoginAnswer | null = null;

  constructor(stream: ServerStream<LoginAnswer, LoginStep>) {
    this.#stream = stream;
    stream.onMessage((answer) => {
      if (this.#heard) this.#heard(answer);
      else this.#early = answer;
    });
    stream.onClose(() => this.#closing.abort(new AppError('cancelled', 'The login was cancelled.')));
  }

  /** Aborted when the person ended the login. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** Asks the person for something and resolves with the next answer. Rejects with `cancelled` when the person ends the login. */
  ask(step: LoginStep): Promise<LoginAnswer> {
    const early = this.#early;
    this.#early = null;
    if (early) return Promise.resolve(early);
    const answered = new Promise<LoginAnswer>((resolve) => {
      this.#heard = resolve;
    });
    this.#stream.send(step);
    return orAborted(answered, this.signal);
  }

  /** Says what goes on; nothing is to be answered but that the person wants to go back, inside `while`. */
  tell(step: LoginStep): void {
    this.#stream.send(step);
  }

  /** Runs the work that an answer started. When the person goes back meanwhile, its signal is aborted and `WentBack` thrown. */
  async while<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    throwIfAborted(this.signal);
    const back = new AbortController();
    this.#heard = ({ type }) => type === 'back' && back.abort(new AppError('cancelled', 'The login was cancelled.'));
    const signal = AbortSignal.any([this.signal, back.signal]);
    try {
      return await orAborted(work(signal), signal);
    } catch (error) {
      if (this.signal.aborted) throw abortReason(this.signal);
      throw back.signal.aborted ? new WentBack() : error;
    }
  }
}
