import { expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { createFakeApp } from '../fakes/fake-app.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { withRelogin } from './with-relogin.ts';

const key = 'ada@c:443';

function expiringOnce() {
  let valid = false;
  const action = vi.fn(async (use: string) => {
    if (!valid) throw new AppError('expired', 'The certificate ran out.');
    return `done with ${use}`;
  });
  return { action, renew: () => (valid = true) };
}

const queue = (app: ReturnType<typeof createFakeApp>['app']) => app.dialogs.getState().queue;

test('concurrent failures share one dialog, and each action is repeated after it', async () => {
  const { app, dispose } = createFakeApp();
  const { action, renew } = expiringOnce();
  const both = Promise.all([withRelogin(app, key, 'to see it', action), withRelogin(app, key, 'to see it', action)]);
  await vi.waitFor(() => expect(queue(app)).toHaveLength(1));
  expect(queue(app)[0]!.request).toEqual({ kind: 'login', cluster: key, reason: 'You are not logged in to c:443. Log in to see it.' });
  renew();
  queue(app)[0]!.answer(key);
  expect(await both).toEqual([`done with ${key}`, `done with ${key}`]);
  expect(action).toHaveBeenCalledTimes(4);
  expect(queue(app)).toEqual([]);
  dispose();
});

test.each([
  ['expired', 'Your login to Prod has expired. Log in again to see it.'],
  ['signed-out', 'You are not logged in to Prod. Log in to see it.'],
  ['signed-in', 'Log in to Prod again to see it.'],
] as const)('a login that is %s is called by its name', async (status, reason) => {
  const { app, dispose } = createFakeApp({ clusters: [sampleCluster({ key, name: 'Prod', status })] });
  await vi.waitFor(() => expect(app.clusters.getState().loaded).toBe(true));
  const { action } = expiringOnce();
  const failed = withRelogin(app, key, 'to see it', action);
  await vi.waitFor(() => expect(queue(app)).toHaveLength(1));
  expect(queue(app)[0]!.request).toMatchObject({ reason });
  queue(app)[0]!.answer(null);
  await expect(failed).rejects.toMatchObject({ code: 'expired' });
  dispose();
});

test('the action is repeated with the key that was logged in to', async () => {
  const { app, dispose } = createFakeApp();
  const { action, renew } = expiringOnce();
  const done = withRelogin(app, '@c:443', '', action);
  await vi.waitFor(() => expect(queue(app)).toHaveLength(1));
  renew();
  queue(app)[0]!.answer(key);
  expect(await done).toBe(`done with ${key}`);
  dispose();
});

test('a cancelled dialog gives the first error, and the next failure asks again', async () => {
  const { app, dispose } = createFakeApp();
  const { action } = expiringOnce();
  for (let round = 0; round < 2; round++) {
    const failed = withRelogin(app, key, '', action);
    await vi.waitFor(() => expect(queue(app)).toHaveLength(1));
    queue(app)[0]!.answer(null);
    await expect(failed).rejects.toMatchObject({ code: 'expired' });
  }
  expect(action).toHaveBeenCalledTimes(2);
  dispose();
});

test('an action that is still refused after the login is not repeated for ever', async () => {
  const { app, dispose } = createFakeApp();
  const { action } = expiringOnce();
  const failed = withRelogin(app, key, '', action);
  await vi.waitFor(() => expect(queue(app)).toHaveLength(1));
  queue(app)[0]!.answer(key);
  await expect(failed).rejects.toMatchObject({ code: 'expired' });
  expect(action).toHaveBeenCalledTimes(2);
  dispose();
});

test('any other failure opens nothing', async () => {
  const { app, dispose } = createFakeApp();
  await expect(
    withRelogin(app, key, '', async () => {
      throw new AppError('access-denied', 'No.');
    }),
  ).rejects.toMatchObject({ code: 'access-denied' });
  expect(queue(app)).toEqual([]);
  dispose();
});
