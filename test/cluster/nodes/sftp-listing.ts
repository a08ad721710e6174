import type { Stats } from 'node:fs';
import type { SftpAttributes } from '../../../electron/ssh/sftp/sftp-packets.ts';

export function attributesOf(found: Stats): SftpAttributes {
  return {
    size: found.size,
    uid: found.uid,
    gid: found.gid,
    mode: found.mode,
    atime: Math.floor(found.atimeMs / 1000),
    mtime: Math.floor(found.mtimeMs / 1000),
  };
}

const letters: Record<number, string> = { 9604: 'd', 21609: 'l', 26411: 's', 14406: 'b', 4802: 'c', 2401: 'p' };
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line of `ls -l` with numeric owners, as Teleport nodes write it. */
export function longName(name: string, { mode, nlink, uid, gid, size, mtime }: Stats): string {
  const rights = [6, 3, 0].map((shift) => ['r', 'w', 'x'].map((letter, bit) => ((mode >> shift) & (4 >> bit) ? letter : '-')).join('')).join('');
  const when = `${months[mtime.getMonth()]} ${String(mtime.getDate()).padStart(2)} ${String(mtime.getHours()).padStart(2, '0')}:${String(mtime.getMinutes()).padStart(2, '0')}`;
  return `${letters[mode & 0o170000] ?? '-'}${rights} ${String(nlink).padStart(4)} ${String(uid).padEnd(8)} ${String(gid).padEnd(8)} ${String(size).padStart(8)} ${when} ${name}`;
}
