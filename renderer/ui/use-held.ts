import { useState } from 'react';

/** The newest value; while `hold` is true, the one that was there when it became so. */
export function useHeld<T>(value: T, hold: boolean): T {
  const [kept, setKept] = useState({ value });
  if (hold || kept.value === value) return kept.value;
  setKept({ value });
  return value;
}
