import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { loadJson } from '../lib/json-file.ts';
import { makePrivateFolder, notRunning, privacyOf, refuseForeign } from '../lib/private-socket.ts';
import { isAlive } from '../lib/system-calls.ts';

/** Sockets that the running app answers at: `app` to questions, `relay` with bytes, `agent` as an SSH agent. */
export type ControlName = 'app' | 'relay' | 'agent';

/** The longest path that every OS takes for a Unix socket: macOS has 104 bytes, with the closing zero. */
const longest = 100;

/** `pid`: the process that listens. */
const addressSchema = z.object({ path: z.string().min(1).max(300), pid: z.int().positive() });

interface System {
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
}
const thisSystem = (): System => ({ platform: process.platform, env: process.env });

/**
 * Where this process, as the app of the data folder, has to listen: in the data folder. Where its path is too long for a socket,
 * and for the named pipes of Windows, which lie in no folder, the socket gets a name that nobody can guess in advance, so that
 * nobody can listen there first; the name is kept in the data folder.
 */
export function listeningPath(home: string, name: ControlName, { platform, env } = thisSystem()): string {
  const own = ownPath(home, name);
  if (platform !== 'win32' && fits(own)) return own;
  const path = platform === 'win32' ? pipePath(home, name) : shortPath(home, name, env);
  makePrivateFolder(dirname(own));
  // A link or a pipe in its place is not written through.
  rmSync(addressFile(home, name), { recursive: true, force: true });
  writeFileSync(addressFile(home, name), JSON.stringify({ path, pid: process.pid }), { mode: 0o600, flag: 'wx' });
  return path;
}

/** Where the app of the data folder listens. `closed` when it does not; `access-denied` where another user could have put a socket in its place. */
export function answeringPath(home: string, name: ControlName, platform: NodeJS.Platform = process.platform): string {
  const own = ownPath(home, name);
  if (platform !== 'win32' && fits(own)) return own;
  refuseForeign(dirname(own));
  const address = readAddress(home, name);
  // After an app has ended, any program that saw the name of its pipe can listen there.
  if (!address || !isAlive(address.pid)) throw notRunning();
  return address.path;
}

/** A sentence when the sockets lie in the temporary folder, which every user shares; null otherwise. */
export function sharedFolderProblem(path: string): string | null {
  if (dirname(dirname(path)) !== temporaryFolder()) return null;
  return `The path of Slipway’s data folder is too long for a socket, so other programs reach Slipway through ${dirname(path)}. Set XDG_RUNTIME_DIR or use a data folder with a shorter path.`;
}

const fits = (path: string) => Buffer.byteLength(path) <= longest;
const ownPath = (home: string, name: ControlName) => join(resolve(home), 'control', `${name}.sock`);
const addressFile = (home: string, name: ControlName) => join(resolve(home), 'control', `${name}.address.json`);
/** A temporary folder can be too deep itself. */
const temporaryFolder = () => (tmpdir().length <= longest / 2 ? tmpdir() : '/tmp');

/**
 * A new name for each run, because the last one could be seen by everybody. The agent keeps its name, since people write it into
 * the settings of other programs.
 */
function pipePath(home: string, name: ControlName): string {
  const last = readAddress(home, name);
  if (last && (last.pid === process.pid || name === 'agent')) return last.path;
  return `\\\\.\\pipe\\slipway-${randomBytes(16).toString('hex')}-${name}`;
}

/** Takes the place of the last run, so that other programs still find it, unless another user has taken it. */
function shortPath(home: string, name: ControlName, env: NodeJS.ProcessEnv): string {
  const last = readAddress(home, name)?.path;
  if (last && privacyOf(dirname(last)) === 'private') return last;
  const runtime = env.XDG_RUNTIME_DIR ?? '';
  const base = runtime.length <= longest / 2 && privacyOf(runtime) === 'private' ? runtime : temporaryFolder();
  return join(mkdtempSync(join(base, 'slipway-')), `${name}.sock`);
}

/** The file holds one path, and the longest path of a socket has about a hundred bytes. */
const maxAddressBytes = 64 * 1024;

function readAddress(home: string, name: ControlName): z.infer<typeof addressSchema> | null {
  const file = loadJson(addressFile(home, name), maxAddressBytes);
  return file.state === 'good' ? (addressSchema.safeParse(file.content).data ?? null) : null;
}
