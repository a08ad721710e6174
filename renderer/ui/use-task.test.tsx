// @vitest-environment jsdom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { useTask } from './use-task.ts';

afterEach(cleanup);

/** Work that ends when the test says so. */
function work() {
  let resolve: () => void = () => {};
  let reject: (error: AppError) => void = () => {};
  const promise = new Promise<void>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  const seen: { signal?: AbortSignal } = {};
  const run = (signal: AbortSignal) => {
    seen.signal = signal;
    return promise;
  };
  return { run, resolve, reject, aborted: () => seen.signal?.aborted };
}

const setUp = () => renderHook(() => useTask());

test('is busy until the work is done', async () => {
  const { result } = setUp();
  const { run, resolve } = work();
  let done: Promise<boolean> | undefined;
  act(() => {
    done = result.current.run(run);
  });
  expect(result.current).toMatchObject({ busy: true, error: null });
  await act(async () => resolve());
  expect(result.current).toMatchObject({ busy: false, error: null });
  expect(await done).toBe(true);
});

test('an error stays until the next run', async () => {
  const { result } = setUp();
  const fails = () => Promise.reject(new AppError('offline', 'Away.'));
  await act(async () => expect(await result.current.run(fails)).toBe(false));
  expect(result.current).toMatchObject({ busy: false, error: { code: 'offline', message: 'Away.' } });
  const { run } = work();
  act(() => void result.current.run(run));
  expect(result.current).toMatchObject({ busy: true, error: null });
});

test('a second run aborts the first, whose end changes nothing any more', async () => {
  const { result } = setUp();
  const [first, second] = [work(), work()];
  let done: Promise<boolean> | undefined;
  act(() => {
    done = result.current.run(first.run);
    void result.current.run(second.run);
  });
  expect(first.aborted()).toBe(true);
  await act(async () => first.reject(new AppError('offline', 'Away.')));
  expect(await done).toBe(false);
  expect(result.current).toMatchObject({ busy: true, error: null });
});

test('what was cancelled leaves no error', async () => {
  const { result } = setUp();
  const { run, reject, aborted } = work();
  act(() => void result.current.run(run));
  act(() => result.current.cancel());
  expect(aborted()).toBe(true);
  await act(async () => reject(new AppError('internal', 'Cut off.')));
  expect(result.current).toMatchObject({ busy: false, error: null });
  await act(async () => void (await result.current.run(() => Promise.reject(new AppError('cancelled', 'You said no.')))));
  expect(result.current).toMatchObject({ busy: false, error: null });
});

test('work is aborted with its component, and does not count as done', async () => {
  const { result, unmount } = setUp();
  const { run, resolve, aborted } = work();
  const done = act(() => result.current.run(run));
  unmount();
  expect(aborted()).toBe(true);
  resolve();
  expect(await done).toBe(false);
});
