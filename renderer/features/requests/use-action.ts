import { useState } from 'react';
import { AppError, type ErrorData } from '../../../shared/errors/app-error.ts';

/** One action at a time: whether it is under way, and why the last one failed. A cancelled one says nothing. */
export function useAction() {
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const run = async (name: string, action: () => Promise<unknown>): Promise<boolean> => {
    setBusy(name);
    setError(null);
    try {
      await action();
      return true;
    } catch (caught) {
      const { code, ...rest } = AppError.from(caught).toData();
      if (code !== 'cancelled') setError({ code, ...rest });
      return false;
    } finally {
      setBusy(null);
    }
  };
  return { busy, error, run };
}
