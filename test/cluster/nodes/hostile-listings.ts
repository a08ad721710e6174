import { attributesBytes, packet, packetType, status } from '../../../electron/ssh/sftp/sftp-packets.ts';
import { str, u32 } from '../../../electron/ssh/wire-bytes.ts';
import type { Faults } from '../faults.ts';

export const entriesPerReply = 100;
const fileLine = '-rw-r--r--    1 0        0               5 Jan  1 00:00';
const folderLine = 'drwxr-xr-x    1 0        0               0 Jan  1 00:00';
const file = (name: string) => ({ name, long: fileLine, mode: 0o100644, size: 5 });

/** Answer number `index` to READDIR of a hostile server; null where it lists the real folder. */
export function listingOf(fault: Faults['sftp'], id: number, index: number): Buffer | null {
  const some = Array.from({ length: entriesPerReply }, (_, at) => index * entriesPerReply + at);
  if (fault === 'endless') return listing(id, []);
  if (fault === 'million' && index < 10_000)
    return listing(
      id,
      some.map((number) => file(`f${number}`)),
    );
  if (fault === 'names' && index === 0) return listing(id, hostileNames.map(file));
  if (fault !== 'wide') return null;
  if (index === 5) return packet(packetType.status, id, [u32(status.eof), str('EOF'), str('')]);
  return listing(
    id,
    some.map((number) => ({ name: `${number}`.padStart(250, 'x'), long: folderLine, mode: 0o040755, size: 0 })),
  );
}

const hostileNames = [
  '..',
  '.',
  '../escaped',
  '/etc/escaped',
  'a\0b',
  'line\nbreak',
  'right\u202eleft',
  'CON',
  'trailing.',
  'Case',
  'case',
  'twice',
  'twice',
  '',
  '\u001b[31mred',
];

function listing(id: number, entries: readonly { name: string; long: string; mode: number; size: number }[]): Buffer {
  const encoded = entries.map(({ name, long, mode, size }) =>
    Buffer.concat([str(name), str(`${long} ${name}`), attributesBytes({ size, mode, uid: 0, gid: 0, atime: 1, mtime: 1 })]),
  );
  return packet(packetType.name, id, [u32(encoded.length), ...encoded]);
}
