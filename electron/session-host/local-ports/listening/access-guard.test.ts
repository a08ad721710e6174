import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Client } from '../../../../shared/ipc/client.ts';
import type { TicketContract } from '../../../host-contract/ticket.ts';
import { type Access, AccessWatch } from '../../access-watch.ts';
import { AccessGuard } from './access-guard.ts';
import { Traffic } from './traffic.ts';

const good: Access = { signedIn: true, expires: 1000, requests: [], certificate: 1, names: [] };
const expired = new AppError('expired', 'Log in first.');

let publish: (access: Record<string, Access>) => void;
let watch: AccessWatch;
let guard: AccessGuard;
let traffic: Traffic;
const end = vi.fn();
const renewed = vi.fn();
const failed = vi.fn();
const wants = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  watch = new AccessWatch({
    subscribe: (_topic: string, listener: typeof publish) => {
      publish = listener;
      return () => {};
    },
  } as unknown as Client<TicketContract>);
  publish({ a: good });
  traffic = new Traffic();
  guard = new AccessGuard({ cluster: 'a', access: watch, reporter: { traffic, failed, worked: () => {}, wants }, end, renewed });
});
afterEach(() => {
  guard.close();
  vi.useRealTimers();
});

const program = () => traffic.follow({ bytesRead: 0, bytesWritten: 0, closed: false, once: vi.fn() });
const never = new AbortController().signal;

describe('access that changes', () => {
  it.each([
    ['a log out', {}, 'expired', /^You logged out of this cluster, so .*Log in again/],
    ['the end of the login', { a: { ...good, signedIn: false } }, 'expired', /^Your login on this cluster has ended, so .*Log in again/],
  ])('%s ends all connections and says why', (_what, access, code, message) => {
    program();
    publish(access);
    expect(end.mock.calls).toMatchObject([[{ code, message: expect.stringMatching(message) }]]);
    expect(failed).toHaveBeenCalledExactlyOnceWith(end.mock.calls[0]![0]);
    expect(renewed).not.toHaveBeenCalled();
  });

  it('nothing is said when nothing was open', () => {
    publish({});
    expect(end).toHaveBeenCalledOnce();
    expect(failed).not.toHaveBeenCalled();
  });

  it('another certificate leaves open connections alone, also one with more rights', () => {
    program();
    publish({ a: { ...good, certificate: 2 } });
    publish({ a: { ...good, certificate: 3, requests: ['r1'] } });
    expect(renewed).toHaveBeenCalledTimes(2);
    expect(end).not.toHaveBeenCalled();
  });

  it('a request that is over ends what rested on it', () => {
    publish({ a: { ...good, certificate: 2, requests: ['r1', 'r2'] } });
    program();
    publish({ a: { ...good, certificate: 3, requests: ['r2'] } });
    expect(end.mock.calls).toMatchObject([[{ code: 'access-denied', message: expect.stringMatching(/request/) }]]);
    expect(failed).toHaveBeenCalledOnce();
  });

  it('a login after the end of one ends nothing again, also without the requests that the old one had', () => {
    publish({ a: { ...good, requests: ['r1'] } });
    publish({ a: { ...good, signedIn: false, requests: ['r1'] } });
    end.mockClear();
    program();
    publish({ a: { ...good, certificate: 2 } });
    expect(end).not.toHaveBeenCalled();
    expect(renewed).toHaveBeenCalledOnce();
  });

  it('other clusters do not matter, and nothing does once it is closed', () => {
    publish({ a: good, b: good });
    publish({ a: good });
    guard.close();
    publish({});
    expect(end).not.toHaveBeenCalled();
    expect(renewed).not.toHaveBeenCalled();
  });
});

describe('what needs a login', () => {
  const work = vi.fn<() => Promise<string>>();
  beforeEach(() => {
    work.mockReset().mockRejectedValueOnce(expired).mockResolvedValue('done');
    publish({});
  });

  it('waits for one, asks for it meanwhile, and is done once more', async () => {
    const first = guard.afterLogin(work, never);
    const second = guard.afterLogin(() => work(), never); // works at once
    expect(await second).toBe('done');
    expect(wants.mock.calls).toEqual([['login']]);
    publish({ a: { ...good, certificate: 2 } });
    expect(await first).toBe('done');
    expect(wants.mock.calls).toEqual([['login'], [null]]);
  });

  it('the login is asked for as long as anybody waits', async () => {
    work.mockReset().mockRejectedValue(expired);
    const left = new AbortController();
    const first = guard.afterLogin(work, left.signal);
    const second = guard.afterLogin(work, never);
    await vi.advanceTimersByTimeAsync(1000);
    left.abort();
    await expect(first).rejects.toBe(expired);
    expect(wants.mock.lastCall).toEqual(['login']);
    guard.close();
    await expect(second).rejects.toBe(expired);
    expect(wants.mock.lastCall).toEqual([null]);
  });

  it('fails as at first when nobody logs in for two minutes', async () => {
    const outcome = guard.afterLogin(work, never).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(119_999);
    expect(wants.mock.calls).toEqual([['login']]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toBe(expired);
    expect(work).toHaveBeenCalledOnce();
    expect(wants.mock.lastCall).toEqual([null]);
  });

  it('other failures are not waited on', async () => {
    const refused = new AppError('access-denied', 'No.');
    await expect(guard.afterLogin(() => Promise.reject(refused), never)).rejects.toBe(refused);
    expect(wants).not.toHaveBeenCalled();
  });
});
