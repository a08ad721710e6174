import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The path as a disk that folds case finds it: with the spelling of what is there. */
export function foldedPath(path: string): string {
  const folder = dirname(path);
  if (folder === path) return path;
  const found = foldedPath(folder);
  const name = path.slice(folder.length).replace('/', '');
  try {
    const names = readdirSync(found);
    return join(found, names.find((one) => one === name) ?? names.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name);
  } catch {
    return join(found, name);
  }
}
