import type * as z from 'zod';
import type { JsonObject } from './json-file.ts';

export interface Salvaged<T> {
  value: T;
  /** `raw` without the dropped parts. */
  remaining: JsonObject;
  /** The dropped parts, as `dotted.path (reason)`. */
  dropped: string[];
}

/**
 * Takes from `raw` all that fits `schema`: what does not fit is left out, so that its default stands in, or, where it
 * is required, the object or list entry around it is left out. Null when nothing remains that fits.
 */
export function salvage<T>(schema: z.ZodType<T>, raw: JsonObject): Salvaged<T> | null {
  const remaining = structuredClone(raw);
  const dropped: string[] = [];
  for (;;) {
    const parsed = schema.safeParse(remaining);
    if (parsed.success) return { value: parsed.data, remaining, dropped };
    // From the back, so that removing an entry of a list does not move those that are removed later.
    const issues = parsed.error.issues
      .map(({ path, message }) => ({ path: path as (string | number)[], message }))
      .sort((a, b) => comparePaths(b.path, a.path));
    let removed: (string | number)[] | null = null;
    for (const { path, message } of issues) {
      if (removed && startsWith(path, removed)) continue;
      removed = remove(remaining, path);
      if (!removed) return null;
      dropped.push(`${removed.join('.')} (${message})`);
    }
  }
}

/** Removes the value at `path`, or the nearest value around it; returns its path, null at the root. */
function remove(root: unknown, path: readonly (string | number)[]): (string | number)[] | null {
  const trail = [root];
  for (const key of path) {
    const parent = trail.at(-1);
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) break;
    trail.push((parent as Record<string | number, unknown>)[key]);
  }
  const depth = trail.length - 1;
  // A missing field cannot be removed, so the object that lacks it is.
  if (depth === 0) return null;
  const parent = trail[depth - 1] as unknown[] | Record<string | number, unknown>;
  const key = path[depth - 1]!;
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return path.slice(0, depth);
}

const startsWith = (path: readonly (string | number)[], prefix: readonly (string | number)[]) => prefix.every((key, index) => path[index] === key);

function comparePaths(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index]!, b[index]!];
    if (x === y) continue;
    return typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}
