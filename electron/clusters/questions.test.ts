import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { questionSchema } from '../../shared/model/question.ts';
import { Questions } from './questions.ts';

const never = new AbortController().signal;
const login = { kind: 'login', cluster: 'ada@c:443', reason: 'to see it' } as const;
const confirm = { kind: 'confirm', cluster: 'ada@c:443', title: 'Go on?', reason: 'It takes long.', action: 'Go on' } as const;
const gaveUp = new AppError('cancelled', 'The tab was closed.');

let questions: Questions;
const open = () => questions.topic.get();
const idOf = (index: number) => open()[index]?.id ?? '';

beforeEach(() => {
  vi.useFakeTimers();
  questions = new Questions();
});
afterEach(() => {
  questions.close();
  vi.useRealTimers();
});

it('two who ask the same share one question, and both get its answer', async () => {
  const both = Promise.all([questions.ask(login, never), questions.ask({ ...login, reason: 'for something else' }, never)]);
  expect(open()).toMatchObject([login]);
  expect(questionSchema.safeParse(open()[0]).success).toBe(true);
  questions.answer({ id: idOf(0), answer: 'declined' });
  expect(await both).toEqual([null, null]);
  expect(open()).toEqual([]);
});

it('other clusters and other kinds are other questions, and a yes or no is never shared', () => {
  for (const asked of [login, { ...login, cluster: 'bob@c:443' }, { ...login, kind: 'mfa' as const }, confirm, confirm])
    void questions.ask(asked, never);
  expect(open().map(({ kind }) => kind)).toEqual(['login', 'login', 'mfa', 'confirm', 'confirm']);
});

it('a yes or no is answered by either', async () => {
  const first = questions.ask(confirm, never);
  questions.answer({ id: idOf(0), answer: 'agreed' });
  expect(await first).toBe('agreed');
  const second = questions.ask(confirm, never);
  questions.answer({ id: idOf(0), answer: 'declined' });
  expect(await second).toBeNull();
});

it('a question stays as long as one who asked waits', async () => {
  const tab = new AbortController();
  const first = questions.ask(login, tab.signal);
  const second = questions.ask(login, never);
  tab.abort(gaveUp);
  await expect(first).rejects.toBe(gaveUp);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(open()).toHaveLength(1);
  questions.answerLogins(() => 'ada@c:443');
  expect(await second).toBe('ada@c:443');
});

it('a login that nobody waits for any more can be finished for two minutes; asked again meanwhile, it is the same question', async () => {
  const page = new AbortController();
  const before = questions.ask(login, page.signal);
  page.abort(gaveUp);
  await expect(before).rejects.toBe(gaveUp);
  const id = idOf(0);
  await vi.advanceTimersByTimeAsync(119_000);
  const reloaded = new AbortController();
  const after = questions.ask(login, reloaded.signal);
  expect(open().map((question) => question.id)).toEqual([id]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(open()).toHaveLength(1);
  reloaded.abort(gaveUp);
  await expect(after).rejects.toBe(gaveUp);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(open()).toEqual([]);
});

it('any other question ends with the last who waits for it', async () => {
  const asking = new AbortController();
  const asked = questions.ask(confirm, asking.signal);
  asking.abort(gaveUp);
  await expect(asked).rejects.toBe(gaveUp);
  expect(open()).toEqual([]);
});

it('who is gone before asking, asks nothing', async () => {
  await expect(questions.ask(login, AbortSignal.abort(gaveUp))).rejects.toBe(gaveUp);
  expect(open()).toEqual([]);
});

it('answers to nothing, for the second time, or of the wrong kind change nothing', async () => {
  const settled = vi.fn();
  void questions.ask(login, never).then(settled);
  const id = idOf(0);
  questions.answer({ id: 'another', answer: 'declined' });
  expect(() => questions.answer({ id, answer: 'agreed' })).toThrow('not answered by agreeing');
  await vi.advanceTimersByTimeAsync(0);
  expect(settled).not.toHaveBeenCalled();
  expect(open()).toHaveLength(1);
  questions.answer({ id, answer: 'declined' });
  questions.answer({ id, answer: 'declined' });
  await vi.advanceTimersByTimeAsync(0);
  expect(settled.mock.calls).toEqual([[null]]);
});

it('fifty are open at most; more are declined at once', async () => {
  for (let index = 0; index < 50; index++) void questions.ask({ ...login, cluster: `ada@c${index}:443` }, new AbortController().signal);
  expect(await questions.ask(login, never)).toBeNull();
  expect(open()).toHaveLength(50);
});

it('the end declines all', async () => {
  const all = Promise.all([questions.ask(login, never), questions.ask(confirm, never)]);
  questions.close();
  expect(await all).toEqual([null, null]);
  expect(open()).toEqual([]);
});
