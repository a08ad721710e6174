import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Workspace } from '../../shared/model/workspace.ts';
import { createFakeApp, workspaceOf } from '../fakes/fake-app.ts';
import { shellDocument } from '../workbench/documents.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

function setUp(load: () => Workspace) {
  const saved: Workspace[] = [];
  const fake = createFakeApp({
    calls: {
      'workspace.load': load,
      'workspace.save': (workspace) => {
        saved.push(workspace);
        return null;
      },
    },
  });
  const restored = () => vi.waitFor(() => expect(fake.app.workspace.getState().restored).toBe(true));
  return { ...fake, saved, restored };
}

test('restores, then saves once after a burst of changes', async () => {
  const tab = shellDocument('/home');
  const { app, saved, restored } = setUp(() => workspaceOf({ documents: [tab], active: tab.id }));
  await restored();
  await vi.advanceTimersByTimeAsync(2000);
  expect(saved).toEqual([]);
  for (let index = 0; index < 5; index++) app.workspace.getState().open(shellDocument());
  await vi.advanceTimersByTimeAsync(2000);
  expect(saved).toHaveLength(1);
  expect(saved[0]!.tabs).toHaveLength(6);
  app.dispose();
});

test('a window that goes away saves what is waiting', async () => {
  const { app, saved, restored } = setUp(() => ({ tabs: [], active: null }));
  await restored();
  app.workspace.getState().open(shellDocument());
  app.flush();
  await vi.waitFor(() => expect(saved).toHaveLength(1));
  await vi.advanceTimersByTimeAsync(2000);
  expect(saved).toHaveLength(1);
  app.dispose();
});

test('a load that fails is told and saves nothing by itself', async () => {
  const { app, saved, restored } = setUp(() => {
    throw new AppError('disk', 'The saved tabs cannot be read.');
  });
  await restored();
  await vi.advanceTimersByTimeAsync(2000);
  expect(saved).toEqual([]);
  expect(app.notifications.getState().notices).toMatchObject([{ tone: 'error', text: 'The saved tabs cannot be read.' }]);
  app.dispose();
});
