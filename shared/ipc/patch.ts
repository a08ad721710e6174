import type { PatchOperation } from './wire.ts';

type Node = Record<string, unknown> | unknown[];

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/**
 * The operations that turn `before` into `after`. Identical objects are not compared further, so unchanged parts cost nothing; an
 * array whose length changed is sent whole from the first difference on.
 */
export function diff(before: unknown, after: unknown, path: (string | number)[] = []): PatchOperation[] {
  if (Object.is(before, after)) return [];
  if (isPlain(before) && isPlain(after)) {
    const operations: PatchOperation[] = [];
    for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) operations.push({ path: [...path, key], remove: true });
    for (const key of Object.keys(after)) {
      if (!Object.hasOwn(before, key)) operations.push({ path: [...path, key], value: after[key] });
      else operations.push(...diff(before[key], after[key], [...path, key]));
    }
    return operations;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return after.flatMap((item, index) => diff(before[index], item, [...path, index]));
  }
  return [{ path, value: after }];
}

/**
 * `value` with the operations applied: new objects along the changed paths, the old ones elsewhere. Throws on a path that does not
 * exist.
 */
export function applyPatch(value: unknown, operations: readonly PatchOperation[]): unknown {
  // Each object is copied once for the whole patch, however many of its parts change: tables of thousands of rows are patched often.
  const copies = new Set<unknown>();
  return operations.reduce((current, operation) => applyAt(current, operation.path, 0, operation, copies), value);
}

function applyAt(value: unknown, path: readonly (string | number)[], depth: number, operation: PatchOperation, copies: Set<unknown>): unknown {
  const key = path[depth];
  if (key === undefined) return operation.value;
  if (key === '__proto__' || typeof value !== 'object' || value === null) throw new Error('a patch names a path that is not there');
  const copy = (copies.has(value) ? value : Array.isArray(value) ? [...value] : { ...value }) as Node & Record<string | number, unknown>;
  copies.add(copy);
  if (depth === path.length - 1 && operation.remove) delete copy[key];
  else copy[key] = applyAt(copy[key], path, depth + 1, operation, copies);
  return copy;
}
