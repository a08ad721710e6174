import { AppError, type ErrorCode } from '../../../../shared/errors/app-error.ts';
import { systemCode } from '../../../lib/system-calls.ts';

const known: Record<string, { code: ErrorCode; what: string }> = {
  ENOENT: { code: 'not-found', what: 'there is no such file or folder' },
  EACCES: { code: 'access-denied', what: 'Slipway may not do this there' },
  EPERM: { code: 'access-denied', what: 'the system does not permit this' },
  EROFS: { code: 'access-denied', what: 'the disk is read-only' },
  ENOSPC: { code: 'disk', what: 'there is no space left on the disk' },
  EDQUOT: { code: 'disk', what: 'the disk quota is used up' },
  EFBIG: { code: 'disk', what: 'the file is larger than this disk or account allows' },
  EIO: { code: 'disk', what: 'the disk reports an error' },
  ENAMETOOLONG: { code: 'invalid-argument', what: 'the name or path is longer than this computer allows' },
  EISDIR: { code: 'conflict', what: 'a folder stands where a file should be' },
  ENOTDIR: { code: 'conflict', what: 'a file stands where a folder should be' },
  EEXIST: { code: 'conflict', what: 'something of that name is there already' },
  ENOTEMPTY: { code: 'conflict', what: 'the folder is not empty' },
  ELOOP: { code: 'conflict', what: 'a link stands there, which Slipway does not follow' },
  EMFILE: { code: 'internal', what: 'too many files are open' },
  EXDEV: { code: 'unsupported', what: 'it cannot be moved to another disk; copy it instead' },
  EBUSY: { code: 'access-denied', what: 'another program uses it' },
  ERR_INVALID_ARG_VALUE: { code: 'invalid-argument', what: 'the name or the link’s target holds a character that no file name can have' },
  EINVAL: { code: 'invalid-argument', what: 'the system does not take this name or value' },
};

/** What the system said about a file on this computer, in words. */
export function localError(caught: unknown, path: string): AppError {
  if (caught instanceof AppError) return caught;
  const code = systemCode(caught) ?? '';
  const { code: kind, what } = known[code] ?? {
    code: 'internal' as const,
    what: /^E[A-Z0-9]+$/.test(code) ? `the system reports ${code}` : 'it did not work',
  };
  return new AppError(kind, `On this computer, ${path}: ${what}.`, { cause: caught, details: { errno: code } });
}
