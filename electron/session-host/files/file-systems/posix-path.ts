import { posix } from 'node:path';

/** Paths as SFTP servers write them, by their text alone. */
export const posixPath = {
  join: (folder: string, name: string): string => (folder.endsWith('/') ? folder + name : `${folder}/${name}`),
  split(path: string): { folder: string; name: string } {
    const trimmed = path.replace(/\/+$/, '');
    const slash = trimmed.lastIndexOf('/');
    return trimmed === '' ? { folder: '/', name: '' } : { folder: trimmed.slice(0, slash) || '/', name: trimmed.slice(slash + 1) };
  },
  absolute: (path: string, base: string): string => {
    const whole = posix.normalize(path.startsWith('/') ? path : `${base}/${path}`);
    return whole.length > 1 ? whole.replace(/\/+$/, '') : whole;
  },
};
