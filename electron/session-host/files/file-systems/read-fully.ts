import type { DataTarget, SftpClient, SftpHandle } from '../../../ssh/sftp/sftp.ts';

/** Reads `target.length` bytes, in as many questions as the server needs. Resolves with how many came: fewer only at the end of the file. */
export async function readFully(sftp: SftpClient, handle: SftpHandle, offset: number, { buffer, at, length }: DataTarget): Promise<number> {
  let done = 0;
  while (done < length) {
    const count = await sftp.read(handle, offset + done, { buffer, at: at + done, length: length - done });
    if (count === 0) break;
    done += count;
  }
  return done;
}
