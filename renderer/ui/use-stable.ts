import { useLayoutEffect, useRef, useState } from 'react';

/** Functions that do what the newest ones do, in an object that stays the same. Not to be called while drawing. */
export function useStable<T extends { [K in keyof T]: (...input: never[]) => unknown }>(functions: T): T {
  const latest = useRef(functions);
  useLayoutEffect(() => {
    latest.current = functions;
  });
  const [stable] = useState(() => {
    const entries = Object.keys(functions).map((name) => [name, (...input: never[]) => latest.current[name as keyof T](...input)]);
    return Object.fromEntries(entries) as T;
  });
  return stable;
}
