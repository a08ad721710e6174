// @vitest-environment jsdom
import { waitFor } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { renderApp } from '../../fakes/render-app.tsx';
import { nextZoom } from './use-zoom-commands.ts';

let dispose = () => {};
afterEach(() => dispose());

test.each([
  [1, 1, 1.1],
  [1, -1, 0.9],
  [1.03, 1, 1.1],
  [1.03, -1, 1],
  [3, 1, 3],
  [0.5, -1, 0.5],
  [9, -1, 3],
] as const)('from %d in direction %d: %d', (zoom, direction, next) => {
  expect(nextZoom(zoom, direction)).toBe(next);
});

test('in and out by a step, and back', async () => {
  const { app, commands, ...fake } = await renderApp();
  dispose = fake.dispose;
  const zoom = (wanted: number) => waitFor(() => expect(app.settings.getState().values.zoom).toBe(wanted));
  commands.run('zoom.in');
  await zoom(1.1);
  commands.run('zoom.in');
  await zoom(1.25);
  commands.run('zoom.out');
  await zoom(1.1);
  commands.run('zoom.reset');
  await zoom(1);
});

test('a size that could not be kept is told', async () => {
  const refuse = vi.fn(() => {
    throw new AppError('disk', 'The disk is full.');
  });
  const { app, commands, ...fake } = await renderApp({ calls: { 'settings.update': refuse } });
  dispose = fake.dispose;
  commands.run('zoom.in');
  await waitFor(() =>
    expect(app.notifications.getState().notices).toMatchObject([{ title: 'The size could not be changed', text: 'The disk is full.' }]),
  );
});

test('a browser zooms by itself', async () => {
  const { commands, ...fake } = await renderApp({ info: { host: 'browser' } });
  dispose = fake.dispose;
  expect(commands.has('zoom.in')).toBe(false);
});
