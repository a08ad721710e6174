import { lstat } from 'node:fs/promises';
import { systemPath } from './system-path.ts';

/** Whether names that differ only in case are one name in this folder of this computer. */
export async function foldsCase(folder: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const turned = folder.replace(/\p{L}/gu, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
  if (turned === folder) return process.platform === 'darwin';
  const [one, other] = await Promise.all([lstat(systemPath(folder)), lstat(systemPath(turned)).catch(() => null)]);
  return other !== null && one.ino === other.ino && one.dev === other.dev;
}
