import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import type { SshConnection } from '../../ssh/index.ts';
import { SshConnections } from './ssh-connections.ts';

const ticket = { connectionKey: 'a' } as SshTicket;
const refused = new AppError('access-denied', 'The server refused to open a session: open failed', { details: { channel: 'refused' } });

/** A server that takes so many channels on each connection. */
function server(limit: number) {
  const dialled: { opened: number }[] = [];
  const connections = new SshConnections(async () => {
    const connection = { isOpen: true, opened: 0, onClose: () => () => {}, close: () => {} };
    dialled.push(connection);
    return connection as unknown as SshConnection;
  });
  const shell = async (connection: SshConnection) => {
    const one = connection as unknown as { opened: number };
    if (one.opened >= limit) throw refused;
    one.opened++;
    return one;
  };
  const borrow = () => connections.borrow(ticket, { signal: new AbortController().signal, progress: () => {} });
  return { dialled, shell, borrow, close: () => connections.close() };
}

test('what one connection does not take goes to another one', async () => {
  const { dialled, shell, borrow, close } = server(10);
  await Promise.all(Array.from({ length: 25 }, async () => (await borrow()).open(shell)));
  expect(dialled.map(({ opened }) => opened)).toEqual([10, 10, 5]);
  close();
});

test('one borrower may open many', async () => {
  const { dialled, shell, borrow, close } = server(2);
  const { open } = await borrow();
  for (let count = 0; count < 5; count++) await open(shell);
  expect(dialled.map(({ opened }) => opened)).toEqual([2, 2, 1]);
  close();
});

test('a server that takes none at all is not dialled again and again', async () => {
  const { dialled, shell, borrow, close } = server(0);
  await expect((await borrow()).open(shell)).rejects.toBe(refused);
  expect(dialled.length).toBeLessThanOrEqual(2);
  close();
});

test('connections to one server are bounded, and it is said', async () => {
  const { dialled, shell, borrow, close } = server(1);
  for (let count = 0; count < 8; count++) await (await borrow()).open(shell);
  await expect((await borrow()).open(shell)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('8 connections') });
  expect(dialled.length).toBe(8);
  close();
});

test('other refusals stay what they are', async () => {
  const { borrow, close, dialled } = server(1);
  const other = new AppError('login-refused', 'No.');
  await expect((await borrow()).open(() => Promise.reject(other))).rejects.toBe(other);
  expect(dialled.length).toBe(1);
  close();
});
