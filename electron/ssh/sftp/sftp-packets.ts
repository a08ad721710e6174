import { u32, type WireReader } from '../wire-bytes.ts';
import { decodeName, encodeName } from './sftp-names.ts';

// SFTP version 3 (draft-ietf-secsh-filexfer-02) on the wire.

export const packetType = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const;

export const status = {
  ok: 0,
  eof: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  noConnection: 6,
  connectionLost: 7,
  unsupported: 8,
} as const;

export const openFlag = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const;

/** Longest packet that is accepted; packets of OpenSSH and Teleport stay under 256 KiB. */
export const longestPacket = 512 * 1024;

/** Attributes as far as the server gave them. Times in seconds since the epoch. */
export interface SftpAttributes {
  size?: number;
  uid?: number;
  gid?: number;
  /** `st_mode`, file type included. */
  mode?: number;
  atime?: number;
  mtime?: number;
}

export interface SftpName {
  name: string;
  /** The line of `ls -l`. */
  long: string;
  attributes: SftpAttributes;
}

export function readAttributes(reader: WireReader): SftpAttributes {
  const flags = reader.u32('attribute flags');
  const attributes: SftpAttributes = {};
  if (flags & 1) attributes.size = Number(reader.u64('size'));
  if (flags & 2) {
    attributes.uid = reader.u32('uid');
    attributes.gid = reader.u32('gid');
  }
  if (flags & 4) attributes.mode = reader.u32('mode');
  if (flags & 8) {
    attributes.atime = reader.u32('atime');
    attributes.mtime = reader.u32('mtime');
  }
  if (flags & 0x80000000) {
    const count = reader.u32('extended count');
    for (let index = 0; index < count; index++) {
      reader.string('extended type');
      reader.string('extended data');
    }
  }
  return attributes;
}

export function attributesBytes({ size, uid, gid, mode, atime, mtime }: SftpAttributes): Buffer {
  const hasOwner = uid !== undefined && gid !== undefined;
  const hasTimes = atime !== undefined && mtime !== undefined;
  const flags = (size !== undefined ? 1 : 0) | (hasOwner ? 2 : 0) | (mode !== undefined ? 4 : 0) | (hasTimes ? 8 : 0);
  const parts = [u32(flags)];
  if (size !== undefined) parts.push(u64(size));
  if (hasOwner) parts.push(u32(uid), u32(gid));
  if (mode !== undefined) parts.push(u32(mode));
  if (hasTimes) parts.push(u32(atime), u32(mtime));
  return Buffer.concat(parts);
}

export function readNames(reader: WireReader): SftpName[] {
  const count = reader.u32('count');
  const names: SftpName[] = [];
  for (let index = 0; index < count; index++) {
    const name = decodeName(reader.string('name'));
    const long = decodeName(reader.string('long name'));
    names.push({ name, long, attributes: readAttributes(reader) });
  }
  return names;
}

export function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** A whole packet: its length, type, number, and what follows. */
export function packet(type: number, id: number, parts: readonly (string | Uint8Array)[]): Buffer {
  const encoded = parts.map((part) => (typeof part === 'string' ? stringBytes(encodeName(part)) : part));
  const length = 5 + encoded.reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.allocUnsafe(4 + length);
  bytes.writeUInt32BE(length, 0);
  bytes[4] = type;
  bytes.writeUInt32BE(id, 5);
  let at = 9;
  for (const part of encoded) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function stringBytes(value: Uint8Array): Buffer {
  return Buffer.concat([u32(value.length), value]);
}
