import { useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';

/** One answer on its way to main: whether it is under way, and why the last one failed. The dialog closes when main says so. */
export function useAnswer(): { pending: boolean; problem: string | null; send(answer: () => Promise<unknown>): void } {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const send = (answer: () => Promise<unknown>) => {
    setPending(true);
    setProblem(null);
    answer()
      .catch((caught) => setProblem(AppError.from(caught).message))
      .finally(() => setPending(false));
  };
  return { pending, problem, send };
}
