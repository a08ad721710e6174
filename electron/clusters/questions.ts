import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.ts';
import { Topic } from '../../shared/ipc/server.ts';
import type { Question, QuestionAnswer } from '../../shared/model/question.ts';
import { orAborted, throwIfAborted } from '../lib/deadline.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type NewQuestion = Without<Question, 'id'>;

interface Open {
  readonly question: Question;
  readonly answered: Promise<string | null>;
  readonly settle: (answer: string | null) => void;
  askers: number;
  /** Ends a login question that nobody waits for any more. */
  timer: NodeJS.Timeout | undefined;
}

/** A person answers one after the other; a screen full of dialogs would be a fault of the asker. */
const mostOpen = 50;
/** A login is of use to whatever comes next, and the person may be typing their password: its dialog does not vanish with the asker. */
const loginKeptMs = 120_000;

/**
 * The questions that main has for the person. Whoever asks the same kind of question about the same cluster shares one. A question ends when it is
 * answered in any window, or when nobody waits for it any more.
 */
export class Questions {
  readonly topic = new Topic<Question[]>([]);
  readonly #open = new Map<string, Open>();

  /**
   * Resolves with the answer: the key logged in to, `agreed`, or null when the person declined. Also null, at once, when too many questions are open.
   * Rejects with the signal's reason.
   */
  async ask(asked: NewQuestion, signal: AbortSignal): Promise<string | null> {
    throwIfAborted(signal);
    const open = this.#find(asked) ?? this.#add(asked);
    if (!open) return null;
    clearTimeout(open.timer);
    open.askers++;
    try {
      return await orAborted(open.answered, signal);
    } finally {
      open.askers--;
      if (open.askers === 0) this.#left(open);
    }
  }

  /** The page's word. Throws `invalid-argument` for an answer that does not fit the question, which stays open then. */
  answer({ id, answer }: QuestionAnswer): void {
    const open = this.#open.get(id);
    if (!open) return;
    if (answer === 'agreed' && open.question.kind !== 'confirm') throw new AppError('invalid-argument', 'This question is not answered by agreeing.');
    this.#end(open, answer === 'agreed' ? 'agreed' : null);
  }

  /** Answers the open login questions. `answerOf` gets their cluster and returns the key logged in to, null to decline, or undefined to leave it open. */
  answerLogins(answerOf: (cluster: string) => string | null | undefined): void {
    for (const open of [...this.#open.values()]) {
      if (open.question.kind !== 'login') continue;
      const answer = answerOf(open.question.cluster);
      if (answer !== undefined) this.#end(open, answer);
    }
  }

  /** Declines everything. */
  close(): void {
    for (const open of [...this.#open.values()]) this.#end(open, null);
  }

  #find({ kind, cluster }: NewQuestion): Open | undefined {
    return [...this.#open.values()].find(({ question }) => question.kind === kind && kind !== 'confirm' && question.cluster === cluster);
  }

  #add(asked: NewQuestion): Open | null {
    if (this.#open.size >= mostOpen) return null;
    const { promise: answered, resolve: settle } = deferred<string | null>();
    const open: Open = { question: { ...asked, id: randomUUID() }, answered, settle, askers: 0, timer: undefined };
    this.#open.set(open.question.id, open);
    this.#publish();
    return open;
  }

  #left(open: Open): void {
    if (!this.#open.has(open.question.id)) return;
    if (open.question.kind !== 'login') return this.#end(open, null);
    open.timer = setTimeout(() => this.#end(open, null), loginKeptMs).unref();
  }

  #end(open: Open, answer: string | null): void {
    if (!this.#open.delete(open.question.id)) return;
    clearTimeout(open.timer);
    open.settle(answer);
    this.#publish();
  }

  #publish(): void {
    this.topic.set([...this.#open.values()].map(({ question }) => question));
  }
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
