import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../../shared/errors/app-error.ts';

/**
 * Listens on a Unix socket that only this user reaches: 0600 in a folder of 0700 that belongs to them (a named pipe on Windows). A socket left by an app
 * that died is replaced; one that somebody answers at is a `conflict`. Closing it removes the socket.
 */
export async function listenPrivately(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) {
    makePrivateFolder(dirname(path));
    if (await isAnswered(path)) throw new AppError('conflict', 'Another Slipway with the same data folder is running.');
    rmSync(path, { force: true });
  }
  const server = createServer({ allowHalfOpen: true }, onSocket);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new AppError('disk', 'The socket for other programs could not be made.', { cause })));
    server.listen(path, resolve);
  });
  if (!isPipe) chmodSync(path, 0o600);
  return server;
}

function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new AppError('disk', 'The folder for the sockets of other programs belongs to somebody else.');
  }
  chmodSync(folder, 0o700);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
