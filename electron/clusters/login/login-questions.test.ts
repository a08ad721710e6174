import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { Questions } from '../questions.ts';
import { LoginQuestions } from './login-questions.ts';

const key = 'ada@c:443';
const never = new AbortController().signal;
const over = new AppError('expired', 'Your login has ended.');

let questions: Questions;
let logins: LoginQuestions;
let certificates: Record<string, number>;
let usable: Set<string>;
let now: number;
const work = vi.fn<(key: string) => Promise<string>>();

beforeEach(() => {
  certificates = { [key]: 1 };
  usable = new Set();
  now = 1_000_000;
  questions = new Questions();
  logins = new LoginQuestions({
    questions,
    isUsable: (cluster) => usable.has(cluster),
    certificate: (cluster) => certificates[cluster] ?? 0,
    now: () => now,
  });
  work.mockReset().mockImplementation(async (use) => {
    if (!usable.has(use)) throw over;
    return `done with ${use}`;
  });
});
afterEach(() => questions.close());

/** Somebody logs in. Main hears of the new certificate at once. */
function newCertificate(cluster = key): void {
  certificates[cluster] = (certificates[cluster] ?? 0) + 1;
  usable.add(cluster);
  logins.look();
}
const asked = () => vi.waitFor(() => expect(questions.topic.get()).toHaveLength(1));

it('asks for a login where the work needs one, and goes on after it', async () => {
  const both = Promise.all([logins.afterLogin(key, 'to see it', never, work), logins.afterLogin(key, 'to use it', never, work)]);
  await asked();
  expect(questions.topic.get()).toMatchObject([{ kind: 'login', cluster: key, reason: 'to see it' }]);
  newCertificate();
  expect(await both).toEqual([`done with ${key}`, `done with ${key}`]);
  expect(questions.topic.get()).toEqual([]);
  expect(work).toHaveBeenCalledTimes(4);
});

it('what a page sends before it has heard of a log out asks for no login; later calls do, and so do those after a new login', async () => {
  logins.decline(key);
  now += 4999;
  await expect(logins.afterLogin(key, 'to see it', never, work)).rejects.toBe(over);
  expect(questions.topic.get()).toEqual([]);
  now += 1;
  const later = logins.afterLogin(key, 'to see it', never, work);
  await asked();
  newCertificate();
  expect(await later).toBe(`done with ${key}`);

  logins.decline(key);
  usable.clear();
  logins.began(key)(key);
  const again = logins.afterLogin(key, 'to see it', never, work);
  await asked();
  newCertificate();
  expect(await again).toBe(`done with ${key}`);
});

it('a login of our own answers when all of it is there, with the key that was logged in to', async () => {
  const done = logins.afterLogin('@c:443', 'to see it', never, work);
  await asked();
  const ended = logins.began('@c:443');
  newCertificate('bob@c:443');
  expect(questions.topic.get()).toHaveLength(1);
  ended('bob@c:443');
  expect(await done).toBe('done with bob@c:443');
});

it('a login that failed leaves the question open, and one that ended elsewhere meanwhile counts after it', async () => {
  const done = logins.afterLogin(key, 'to see it', never, work);
  await asked();
  logins.began(key)(null);
  expect(questions.topic.get()).toHaveLength(1);
  const ended = logins.began('@other:443');
  newCertificate();
  expect(questions.topic.get()).toHaveLength(1);
  ended(null);
  expect(await done).toBe(`done with ${key}`);
});

it('fails as at first when the person declines, logs out, or forgets the cluster', async () => {
  const ends = [
    () => questions.answer({ id: questions.topic.get()[0]?.id ?? '', answer: 'declined' }),
    () => {
      certificates[key] = 7;
      logins.look();
    },
    () => logins.decline(key),
  ];
  for (const end of ends) {
    const failed = logins.afterLogin(key, 'to see it', never, work);
    await asked();
    logins.decline('bob@c:443');
    logins.look();
    expect(questions.topic.get()).toHaveLength(1);
    end();
    await expect(failed).rejects.toBe(over);
  }
  expect(work).toHaveBeenCalledTimes(3);
});

it('does not ask when somebody logged in while the work was under way', async () => {
  work.mockImplementationOnce(async () => {
    newCertificate();
    throw over;
  });
  expect(await logins.afterLogin(key, 'to see it', never, work)).toBe(`done with ${key}`);
  expect(questions.topic.get()).toEqual([]);
});

it('work that is refused with a login that looks good asks too, and once only', async () => {
  usable.add(key);
  work.mockReset().mockRejectedValue(over);
  const failed = logins.afterLogin(key, 'to see it', never, work);
  await asked();
  newCertificate();
  await expect(failed).rejects.toBe(over);
  expect(work).toHaveBeenCalledTimes(2);
});

it('other failures, and work that nobody waits for, ask nothing', async () => {
  await expect(logins.afterLogin(key, '', never, work)).rejects.toBe(over);
  const refused = new AppError('access-denied', 'No.');
  await expect(logins.afterLogin(key, 'to see it', never, () => Promise.reject(refused))).rejects.toBe(refused);
  expect(questions.topic.get()).toEqual([]);
});

it('whoever stops waiting is told so', async () => {
  const asking = new AbortController();
  const failed = logins.afterLogin(key, 'to see it', asking.signal, work);
  await asked();
  asking.abort();
  await expect(failed).rejects.toMatchObject({ code: 'cancelled' });
  expect(work).toHaveBeenCalledOnce();
});
