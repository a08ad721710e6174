import type { ConflictAnswer, ConflictPolicy, TransferRow } from '../../../../shared/model/files.ts';
import { orAborted } from '../../../lib/deadline.ts';

export type ConflictQuestion = NonNullable<TransferRow['question']>;

/** What happens to files that exist at the target already: by the transfer's policy, or by asking the person, one question after the other. */
export class ConflictQuestions {
  readonly #changed: () => void;
  #policy: ConflictPolicy;
  #open: { question: ConflictQuestion; answer(answer: ConflictAnswer): void }[] = [];

  /** `changed` is called when questions come or go. */
  constructor(policy: ConflictPolicy, changed: () => void) {
    this.#policy = policy;
    this.#changed = changed;
  }

  /** As it is by now, after answers for all. */
  get policy(): ConflictPolicy {
    return this.#policy;
  }

  /** The question that the person is asked now. */
  get current(): ConflictQuestion | null {
    return this.#open[0]?.question ?? null;
  }

  /** Resolves with the policy's answer, or the person's. Rejects when `signal` is aborted. */
  async ask(question: ConflictQuestion, signal: AbortSignal): Promise<ConflictAnswer> {
    if (this.#policy !== 'ask') return this.#policy;
    const answered = new Promise<ConflictAnswer>((answer) => this.#open.push({ question, answer }));
    this.#changed();
    return orAborted(answered, signal);
  }

  /** Answers the current question; with `forAll` all of them, and those to come. */
  answer(answer: ConflictAnswer, forAll: boolean): void {
    if (forAll) this.#policy = answer;
    const answered = forAll ? this.#open.splice(0) : this.#open.splice(0, 1);
    for (const question of answered) question.answer(answer);
    this.#changed();
  }

  /** Drops questions that nobody waits for any more. */
  clear(): void {
    this.#open = [];
  }
}
