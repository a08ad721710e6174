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
    const issues = [...parsed.error.issues].sort((a, b) => comparePaths(b.path, a.path));
    let removed: PropertyKey[] | null = null;
    for (const { path, message } of issues) {
      if (removed && startsWith(path, removed)) continue;
      removed = remove(remaining, path);
      if (!removed) return null;
      dropped.push(`${removed.join('.')} (${message})`);
    }
  }
}

/** Removes the value at `path`, or the nearest value around it; returns its path, null at the root. */
function remove(root: unknown, path: readonly PropertyKey[]): PropertyKey[] | null {
  const trail: { parent: object; key: PropertyKey }[] = [];
  let value = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) break;
    trail.push({ parent: value, key });
    value = Reflect.get(value, key);
  }
  // A missing field cannot be removed, so the object that lacks it is.
  const last = trail.at(-1);
  if (!last) return null;
  if (Array.isArray(last.parent)) last.parent.splice(Number(last.key), 1);
  else Reflect.deleteProperty(last.parent, last.key);
  return path.slice(0, trail.length);
}

const startsWith = (path: readonly PropertyKey[], prefix: readonly PropertyKey[]) => prefix.every((key, index) => path[index] === key);

function comparePaths(a: readonly PropertyKey[], b: readonly PropertyKey[]): number {
  for (const [index, x] of a.entries()) {
    const y = b[index];
    if (y === undefined) break;
    if (x === y) continue;
    return typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : 1;
  }
  return a.length - b.length;
}
