import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';
import { makeFoldersSync } from './make-folders.ts';

const isPipe = (path: string) => path.startsWith('\\\\');

/**
 * Listens on a Unix socket that only this user reaches: 0600 in a folder of 0700 that belongs to them (a named pipe on Windows). A socket left by an app
 * that died is replaced; one that somebody answers at is a `conflict`. Closing it removes the socket.
 */
export async function listenPrivately(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  if (!isPipe(path)) {
    makePrivateFolder(dirname(path));
    if (await isAnswered(path)) throw new AppError('conflict', 'Another Slipway with the same data folder is running.');
    rmSync(path, { force: true });
  }
  const server = createServer({ allowHalfOpen: true }, onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new AppError('disk', 'The socket for other programs could not be made.', { cause })));
    server.listen(path, resolve);
  });
  if (!isPipe(path)) chmodSync(path, 0o600);
  return server;
}

/**
 * Connects to a socket that `listenPrivately` made. Refuses with `access-denied` when its folder does not belong to this user
 * alone, because another user could be listening there. `closed` when nobody listens.
 */
export async function dialPrivately(path: string): Promise<Socket> {
  if (!isPipe(path)) refuseForeign(dirname(path));
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) => reject(notRunning(cause)));
  });
}

/** Makes a folder of 0700 unless it exists. Refuses (`access-denied`) a link, and a folder of another user. */
export function makePrivateFolder(folder: string): void {
  try {
    makeFoldersSync(folder);
  } catch (cause) {
    if (privacyOf(folder) === 'missing') throw new AppError('disk', `The folder ${folder} could not be made.`, { cause, details: { path: folder } });
  }
  const privacy = privacyOf(folder);
  if (privacy === 'open') chmodSync(folder, 0o700);
  else if (privacy !== 'private') throw foreign(folder);
}

/** Refuses a folder that is missing (`closed`), or in which another user may have put something (`access-denied`). */
export function refuseForeign(folder: string): void {
  const privacy = privacyOf(folder);
  if (privacy === 'missing') throw notRunning();
  if (privacy !== 'private') throw foreign(folder);
}

/** `open`: this user's, but others may enter it. `foreign`: somebody else's, a link, or no folder. */
export function privacyOf(folder: string): 'missing' | 'private' | 'open' | 'foreign' {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return 'missing';
  // On Windows the folder inherits the rights of the user's profile, and there are no permission bits to check.
  if (!process.getuid) return found.isDirectory() ? 'private' : 'foreign';
  if (!found.isDirectory() || found.uid !== process.getuid()) return 'foreign';
  return (found.mode & 0o077) === 0 ? 'private' : 'open';
}

function foreign(folder: string): AppError {
  return new AppError(
    'access-denied',
    `${folder} is not a folder of yours alone, so another user could answer there in Slipway’s place. Remove it, then start Slipway again.`,
    { details: { path: folder } },
  );
}

export function notRunning(cause?: unknown): AppError {
  return new AppError('closed', 'Slipway is not running. Start it, then try again.', { cause });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
