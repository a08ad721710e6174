import { isJsonObject, type JsonObject } from './json-file.ts';

/** `over` laid on `base`, object by object; anything else in `over` replaces what stands in `base`. Undefined changes nothing. */
export function mergeObjects(base: JsonObject, over: JsonObject): JsonObject {
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const below = entries.get(key);
    entries.set(key, isJsonObject(value) ? mergeObjects(isJsonObject(below) ? below : {}, value) : value);
  }
  return Object.fromEntries(entries);
}

/** Dotted names of everything in `value` that is not an object, with the value. */
export function leaves(value: JsonObject, prefix = ''): { name: string; value: unknown }[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (inner === undefined) return [];
    return isJsonObject(inner) ? leaves(inner, `${prefix}${key}.`) : [{ name: prefix + key, value: inner }];
  });
}

/** The value under a dotted name; undefined when there is none. */
export function lookUp(value: unknown, name: string): unknown {
  return name.split('.').reduce<unknown>((at, key) => (isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value);
}
