// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import type { Forward } from '../../../shared/model/gateway.ts';
import { renderPart } from '../../fakes/render-part.tsx';
import { sampleConnection, sampleConnections } from '../../fakes/sample-connections.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import ForwardDialog from './forward-dialog.tsx';

let dispose = () => {};
afterEach(() => dispose());

const server = { cluster: sampleCluster().key, leaf: '', node: 'n', hostname: 'api-1', login: 'ada' };

async function setUp({ saved, change = vi.fn(() => null) }: { saved?: Forward; change?: () => null } = {}) {
  const row = saved && sampleConnection({ id: 'saved', target: { kind: 'forward', server, forward: saved, withTerminal: false } });
  const open = vi.fn((..._: unknown[]) => ({ id: 'new' }));
  const onClose = vi.fn();
  const topic = new Topic(sampleConnections(...(row ? [row] : [])));
  const world = { sessionHostTopics: { connections: topic }, sessionHostCalls: { 'connections.open': open, 'connections.change-forward': change } };
  const made = renderPart(null, world as never);
  dispose = made.dispose;
  await waitFor(() => expect(made.app.connections.getState().loaded).toBe(true));
  made.again(<ForwardDialog server={server} connection={row ? row.id : null} onClose={onClose} />);
  await screen.findByRole('dialog');
  return { ...made, open, change, onClose };
}

const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });
const way = (name: string) => screen.getByRole('radio', { name });

describe('a new forward', () => {
  test('leads to a host and port that the server reaches, from a local port that was named', async () => {
    const { user, open, onClose } = await setUp();
    await user.type(field('Local port'), '8080');
    await user.type(field('To host, as api-1 sees it'), 'db.internal');
    await user.type(field('To port'), '5432{Enter}');
    expect(onClose).toHaveBeenCalledOnce();
    await waitFor(() => expect(open).toHaveBeenCalledOnce());
    const target = { kind: 'forward', server, forward: { type: 'local', to: { host: 'db.internal', port: 5432 } }, withTerminal: false };
    expect(open.mock.calls[0]?.[0]).toMatchObject({ target, port: 8080 });
  });

  test('has other fields for each direction, and keeps what was typed', async () => {
    const { user } = await setUp();
    await user.type(field('To host, as api-1 sees it'), 'db.internal');
    await user.click(way('Remote'));
    screen.getByText(/A port of the server leads/);
    field('Listen on, at api-1');
    expect(field('To host, as this computer sees it').value).toBe('db.internal');
    expect(screen.queryByRole('textbox', { name: 'Local port' })).toBeNull();
    await user.click(way('SOCKS proxy'));
    field('Local port');
    expect(screen.queryByRole('textbox', { name: 'To port' })).toBeNull();
  });

  test('with a port that is none stays open, and says so at the field until it is changed', async () => {
    const { user, open, onClose } = await setUp();
    await user.type(field('To port'), '70000{Enter}');
    screen.getByText('A number from 1 to 65535');
    expect(onClose).not.toHaveBeenCalled();
    expect(open).not.toHaveBeenCalled();
    await user.type(field('To port'), '{Backspace}');
    expect(screen.queryByText('A number from 1 to 65535')).toBeNull();
  });
});

describe('a saved forward', () => {
  const saved: Forward = { type: 'remote', listen: { host: 'localhost', port: 9000 }, to: { host: 'localhost', port: 80 } };

  test('is shown as it is, and changed', async () => {
    const { user, change, onClose } = await setUp({ saved });
    expect(field('Port there').value).toBe('9000');
    await user.clear(field('To port'));
    await user.type(field('To port'), '81');
    await user.click(screen.getByRole('switch', { name: 'Start it with each terminal on api-1' }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    const forward = { ...saved, to: { host: 'localhost', port: 81 } };
    expect(change).toHaveBeenCalledExactlyOnceWith({ id: 'saved', forward, withTerminal: true }, expect.anything());
  });

  test('that cannot be changed stays open, and says why', async () => {
    const change = vi.fn(() => {
      throw new AppError('conflict', 'The port is taken.');
    });
    const { user, onClose } = await setUp({ saved, change });
    await user.click(screen.getByRole('button', { name: 'Save' }));
    expect((await screen.findByRole('alert')).textContent).toBe('The port is taken.');
    expect(onClose).not.toHaveBeenCalled();
    await user.type(field('To port'), '1');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
