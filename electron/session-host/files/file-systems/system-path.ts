import { encodeName } from '../../../ssh/sftp/sftp.ts';

const escaped = /[\udc80-\udcff]/;

/**
 * A path of this computer as the system takes it. Names are bytes there, except on Windows; bytes that are no UTF-8 stand in our texts in the same way
 * as those of servers do.
 */
export function systemPath(path: string): string | Buffer {
  return process.platform !== 'win32' && escaped.test(path) ? encodeName(path) : path;
}
