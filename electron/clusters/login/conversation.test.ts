import { expect, test } from 'vitest';
import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { LoginAnswer, LoginStep } from '../../../shared/model/login.ts';
import { LoginConversation, WentBack } from './conversation.ts';

const password: LoginAnswer = { type: 'password', user: 'ann', password: 'x' };

function begin() {
  const asked: LoginStep[] = [];
  let hear: (answer: LoginAnswer) => void = () => {};
  let close = () => {};
  const stream = {
    send: (step: LoginStep) => asked.push(step),
    onMessage: (listener: typeof hear) => {
      hear = listener;
    },
    onClose: (listener: () => void) => {
      close = listener;
    },
  };
  const person = new LoginConversation(stream as unknown as ServerStream<LoginAnswer, LoginStep>);
  return { asked, person, hear: (answer: LoginAnswer) => hear(answer), close: () => close() };
}

test('an answer that came before the question is the answer to it, and nothing is asked', async () => {
  const { asked, person, hear } = begin();
  hear(password);
  expect(await person.ask({ step: 'password', error: null })).toEqual(password);
  expect(asked).toEqual([]);
  const next = person.ask({ step: 'code', error: null });
  expect(asked).toEqual([{ step: 'code', error: null }]);
  hear({ type: 'code', code: '123456' });
  expect(await next).toEqual({ type: 'code', code: '123456' });
});

test('going back ends the work of an answer, not the login', async () => {
  const { person, hear } = begin();
  let isAborted = false;
  const work = person.while(
    (signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          isAborted = true;
        });
      }),
  );
  hear(password);
  expect(isAborted).toBe(false);
  hear({ type: 'back' });
  await expect(work).rejects.toBeInstanceOf(WentBack);
  expect([isAborted, person.signal.aborted]).toEqual([true, false]);
});

test('closing the dialog ends question and work with the same reason', async () => {
  const { person, close } = begin();
  const asked = person.ask({ step: 'password', error: null });
  const work = person.while(() => new Promise(() => {}));
  close();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
});
