import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Sockets that the running app answers at: `app` to questions, `relay` with bytes, `agent` as an SSH agent. */
export type ControlName = 'app' | 'relay' | 'agent';

/** The longest path that every OS takes for a Unix socket. */
const longest = 100;

/** Where the app of this data folder listens. Short enough for a socket's address: below the temporary folder when the data folder's path is too long. */
export function controlPath(home: string, name: ControlName, platform: NodeJS.Platform = process.platform): string {
  const root = resolve(home);
  const mark = createHash('sha256').update(root).digest('hex').slice(0, 16);
  if (platform === 'win32') return `\\\\.\\pipe\\slipway-${mark}-${name}`;
  const path = join(root, 'control', `${name}.sock`);
  return Buffer.byteLength(path) <= longest ? path : join(tmpdir(), `slipway-${process.getuid?.() ?? 0}-${mark}`, `${name}.sock`);
}
