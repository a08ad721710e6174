import { beforeEach, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { LoginAnswer, LoginStep } from '../../../shared/model/login.ts';
import { webError } from '../../teleport/web/web-errors.ts';
import type { LoginFinish } from '../../teleport/web/webapi.ts';
import { teleportWire } from '../wire.ts';
import { LoginConversation } from './conversation.ts';
import { codeWaitMs } from './local-login.ts';
import { logIn } from './log-in.ts';

const ping = { serverVersion: '17.2.0', suite: 'balanced-v1', defaultSessionTtl: null } as never;
const noBrowser = { openBrowser: async () => false, focusApp: () => {} };
const password: LoginAnswer = { type: 'password', user: 'ann', password: 'x' };
const code = (text: string): LoginAnswer => ({ type: 'code', code: text });

let asked: LoginStep[];
let answer: (answer: LoginAnswer) => void;
let close: () => void;
let finished: LoginFinish[];
let outcome: Promise<unknown>;

/** A login on a proxy whose second factor is `challenge`, and which answers the finished logins one after the other by these texts. */
function begin({
  answers = [],
  challenge = { totp: true, webauthn: false },
  begun,
}: {
  answers?: string[];
  challenge?: object;
  begun?: Promise<never>;
} = {}) {
  const loginFinish = vi.fn(async (login: LoginFinish) => {
    finished.push(login);
    throw webError(answers.length > 1 ? 400 : 403, answers.shift() ?? '', 'login-finish', 'proxy.test:443');
  });
  const web = { loginBegin: vi.fn(() => begun ?? Promise.resolve(challenge)), loginFinish };
  const stream = {
    send: (step: LoginStep) => asked.push(step),
    onMessage: (listener: (answer: LoginAnswer) => void) => {
      answer = listener;
    },
    onClose: (listener: () => void) => {
      close = listener;
    },
  };
  const person = new LoginConversation(stream as unknown as ServerStream<LoginAnswer, LoginStep>);
  const site = { address: 'proxy.test:443', ping: async () => ping, web: web as never, wire: teleportWire };
  outcome = logIn(person, site, '@proxy.test:443', noBrowser).catch(AppError.from);
  return web;
}

beforeEach(() => {
  asked = [];
  finished = [];
});

/** Waits for the step after so many others, and returns it. */
const step = (count: number) => vi.waitFor(() => (asked.length > count ? asked[count]! : expect.unreachable()));
const forms = () => finished.map(({ keyForm, sshPublicKey }) => `${keyForm} ${sshPublicKey.split(' ')[0]}`);

it('a server that takes the other form of keys than its version is asked once more in that one', async () => {
  begin({ answers: ['ssh: no key found', 'invalid username, password or second factor', 'rest'] });
  answer(password);
  await step(1);
  answer(code('123456'));
  expect(await step(2)).toMatchObject({
    step: 'code',
    error: { code: 'invalid-credentials', message: expect.stringContaining('Wait for the next code') },
  });
  expect(forms()).toEqual(['pair ssh-ed25519', 'single ssh-rsa']);
  // The next code goes in the form that was found.
  answer(code('234567'));
  await step(3);
  expect(forms().at(-1)).toBe('single ssh-rsa');
  close();
});

it('both forms refused: nothing is asked a third time', async () => {
  begin({ answers: ['ssh: no key found', "'ssh_pub_key' or 'tls_pub_key' must be set", 'rest'] });
  answer(password);
  await step(1);
  answer(code('123456'));
  expect(await step(2)).toMatchObject({ step: 'password', error: { code: 'unsupported', message: expect.stringContaining('kind of keys') } });
  expect(forms()).toHaveLength(2);
  close();
});

it('a wrong code is asked for again, and never repeated by itself', async () => {
  begin({ answers: ['invalid username, password or second factor'] });
  expect(await step(0)).toEqual({ step: 'password', error: null });
  answer(password);
  expect(await step(1)).toEqual({ step: 'code', error: null });
  answer(code('1'));
  expect(await step(2)).toMatchObject({ step: 'code', error: { code: 'invalid-credentials' } });
  expect(forms()).toHaveLength(1);
  close();
  expect(await outcome).toMatchObject({ code: 'cancelled' });
});

it('an account with a security key only is told so, where the password was', async () => {
  begin({ challenge: { totp: false, webauthn: true } });
  answer(password);
  expect(await step(1)).toMatchObject({ step: 'password', error: { code: 'second-factor-unsupported' } });
  close();
});

it('going back gives up what is under way, and begins anew without an error', async () => {
  const web = begin({ begun: new Promise(() => {}) });
  answer(password);
  await vi.waitFor(() => expect(web.loginBegin).toHaveBeenCalled());
  answer({ type: 'back' });
  expect(await step(1)).toEqual({ step: 'password', error: null });
  expect((web.loginBegin.mock.calls[0] as unknown as [unknown, unknown, AbortSignal])[2].aborted).toBe(true);
  close();
});

it('going back from the code begins anew, and closing gives up what is under way', async () => {
  const web = begin();
  answer(password);
  await step(1);
  answer({ type: 'back' });
  expect(await step(2)).toEqual({ step: 'password', error: null });
  web.loginBegin.mockReturnValue(new Promise(() => {}));
  answer(password);
  await vi.waitFor(() => expect(web.loginBegin).toHaveBeenCalledTimes(2));
  close();
  expect(await outcome).toMatchObject({ code: 'cancelled' });
});

it('a password waits for its code for five minutes, and is asked for again then', async () => {
  begin();
  answer(password);
  vi.useFakeTimers();
  try {
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    await vi.advanceTimersByTimeAsync(codeWaitMs);
    expect(asked.at(-1)).toMatchObject({ step: 'password', error: { message: expect.stringContaining('took too long') } });
  } finally {
    vi.useRealTimers();
    close();
  }
});
