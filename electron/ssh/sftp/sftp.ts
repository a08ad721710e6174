// SFTP without the rest of SSH: loading this loads no ssh2.
export { type SftpClient, type SftpHandle, writeHeadroom } from './sftp-client.ts';
export { sftpStatus } from './sftp-errors.ts';
export { decodeName, encodeName } from './sftp-names.ts';
export { openFlag, type SftpAttributes, type SftpName, status } from './sftp-packets.ts';
export type { DataTarget } from './sftp-reader.ts';
