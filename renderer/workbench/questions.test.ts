import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Question } from '../../shared/model/question.ts';
import { createFakeApp } from '../fakes/fake-app.ts';
import { sampleCluster } from '../fakes/samples.ts';
import { followQuestions } from './questions.ts';
import { relogin } from './with-relogin.ts';

const key = 'ada@c:443';
const login: Question = { id: 'q1', kind: 'login', cluster: key, reason: 'to see it' };
const confirm: Question = { id: 'q2', kind: 'confirm', cluster: key, title: 'Go on?', reason: 'It takes long.', action: 'Go on' };

const answered = vi.fn<(answer: { id: string; answer: string }) => void>();
let fake: ReturnType<typeof createFakeApp>;
let stop: () => void;

beforeEach(() => {
  answered.mockReset();
  fake = createFakeApp({
    clusters: [sampleCluster({ key, name: 'Prod', status: 'expired' })],
    calls: {
      'questions.answer': (answer) => {
        answered(answer);
        return null;
      },
    },
  });
  stop = followQuestions(fake.app);
});
afterEach(() => {
  stop();
  fake.dispose();
});

const queue = () => fake.app.dialogs.getState().queue;
const dialogs = (count: number) => vi.waitFor(() => expect(queue()).toHaveLength(count));
const ask = async (...questions: Question[]) => {
  await vi.waitFor(() => expect(fake.app.clusters.getState().loaded).toBe(true));
  fake.topics.questions.set(questions);
};
/** Something that main does after all that was sent to it before. */
const told = () => fake.app.main.call('app.info', null);

test('a login is asked for in one dialog that says what for, and cancelling it declines', async () => {
  await ask(login);
  await dialogs(1);
  expect(queue()[0]?.request).toEqual({ kind: 'login', cluster: key, reason: 'Your login to Prod has expired. Log in again to see it.' });
  queue()[0]?.answer(null);
  await vi.waitFor(() => expect(answered.mock.calls).toEqual([[{ id: 'q1', answer: 'declined' }]]));
  fake.topics.questions.set([]);
  await told();
  expect(queue()).toEqual([]);
  expect(answered).toHaveBeenCalledOnce();
});

test('a login is not answered by the page: main sees it itself', async () => {
  await ask(login);
  await dialogs(1);
  queue()[0]?.answer(key);
  fake.topics.questions.set([]);
  await told();
  expect(answered).not.toHaveBeenCalled();
});

test('what was answered elsewhere goes away, and says nothing', async () => {
  await ask(login, confirm);
  await dialogs(2);
  const answers = queue().map((dialog) => dialog.answered);
  fake.topics.clusters.set([sampleCluster({ key, status: 'signed-in' })]);
  fake.topics.questions.set([]);
  await dialogs(0);
  expect(await Promise.all(answers)).toEqual([key, null]);
  await told();
  expect(answered).not.toHaveBeenCalled();
});

test('a login that the person asked for themselves is used for the question, and stays when that is over', async () => {
  const own = relogin(fake.app, key, '');
  await ask(login);
  await told();
  expect(queue()).toHaveLength(1);
  fake.topics.questions.set([]);
  await told();
  expect(queue()).toHaveLength(1);
  queue()[0]?.answer(null);
  expect(await own).toBeNull();
});

test('who needs a login while main asks for it shares the dialog', async () => {
  await ask(login);
  await dialogs(1);
  const own = relogin(fake.app, key, 'to open it');
  expect(queue()).toHaveLength(1);
  queue()[0]?.answer(key);
  expect(await own).toBe(key);
});

test('a yes or no is answered as it was given', async () => {
  await ask(confirm);
  await dialogs(1);
  expect(queue()[0]?.request).toEqual({ kind: 'confirm', title: 'Go on?', text: 'It takes long.', action: 'Go on', danger: false });
  queue()[0]?.answer('yes');
  await vi.waitFor(() => expect(answered.mock.calls).toEqual([[{ id: 'q2', answer: 'agreed' }]]));
});

test('a proof that cannot be given is declined at once, without a dialog', async () => {
  await ask({ id: 'q3', kind: 'mfa', cluster: key, reason: 'for a session' });
  await vi.waitFor(() => expect(answered.mock.calls).toEqual([[{ id: 'q3', answer: 'declined' }]]));
  expect(queue()).toEqual([]);
});

test('names from outside are shown with their invisible marks, and cut', async () => {
  await ask({ ...login, reason: `to use ${'\u202e'}${'x'.repeat(1000)}` });
  await dialogs(1);
  const request = queue()[0]?.request;
  const reason = request?.kind === 'login' ? request.reason : '';
  expect(reason).not.toContain('\u202e');
  expect(reason.length).toBeLessThan(420);
});

test('a window that closes answers nothing, and the next one sees what is open', async () => {
  await ask(login);
  await dialogs(1);
  stop();
  await dialogs(0);
  await told();
  expect(answered).not.toHaveBeenCalled();
  stop = followQuestions(fake.app);
  await dialogs(1);
});
