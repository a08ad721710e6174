import { UnreadableFile } from './read-file.ts';
import { systemCode } from './system-calls.ts';

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'the permissions do not allow it',
  EPERM: 'the permissions do not allow it',
  ENOENT: 'its folder is gone',
  ENOTDIR: 'something on the way to it is not a folder',
  EISDIR: 'there is a folder in its place',
  ELOOP: 'its links lead in a circle',
  EIO: 'the disk does not answer',
  ENODEV: 'the disk is gone',
  ESTALE: 'the disk is gone',
};

/** Why the system refused something about a file, worded to follow "could not be written:". */
export function diskReason(caught: unknown): string {
  if (caught instanceof UnreadableFile) return caught.message;
  const code = systemCode(caught) ?? 'unknown error';
  return reasons[code] ?? code;
}
