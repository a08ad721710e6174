import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../test/support/wait-until.ts';
import { isReset } from './reset-socket.ts';

test('a reset shows on a socket that nobody reads from; an open one is left alone', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const accepted = new Promise<import('node:net').Socket>((resolve) => server.once('connection', resolve));
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).pause();
  socket.on('error', () => {});
  const far = await accepted;
  await new Promise((resolve) => (socket.connecting ? socket.once('connect', resolve) : resolve(null)));
  expect(isReset(socket)).toBe(false);
  far.resetAndDestroy();
  await waitUntil(() => isReset(socket) || socket.destroyed, 'the reset to show');
  socket.destroy();
  server.close();
});
