import { expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { webError } from '../../teleport/web/web-errors.ts';
import type { LoginFinish } from '../../teleport/web/webapi.ts';
import { teleportWire } from '../wire.ts';
import { LoginFlow } from './login-flow.ts';

const signal = new AbortController().signal;
const ping = { serverVersion: '17.2.0', suite: 'balanced-v1', defaultSessionTtl: null } as never;

/** A flow on a proxy that answers the finished logins one after the other by these texts. */
async function flowOn(...answers: string[]) {
  const asked: LoginFinish[] = [];
  const loginFinish = vi.fn(async (login: LoginFinish) => {
    asked.push(login);
    throw webError(answers.length > 1 ? 400 : 403, answers.shift() ?? '', 'login-finish', 'proxy.test:443');
  });
  const web = { loginBegin: async () => ({ totp: true, webauthn: false }), loginFinish };
  const flow = new LoginFlow(teleportWire);
  const { attempt } = await flow.begin({ address: 'proxy.test:443', user: 'ann', password: 'x', ping, web: web as never }, signal);
  return { flow, attempt, forms: () => asked.map(({ keyForm, sshPublicKey }) => `${keyForm} ${sshPublicKey.split(' ')[0]}`) };
}
const failure = (promise: Promise<unknown>) => promise.then(() => expect.unreachable(), AppError.from);

it('a server that takes the other form of keys than its version is asked once more in that one', async () => {
  const { flow, attempt, forms } = await flowOn('ssh: no key found', 'invalid username, password or second factor', 'rest');
  expect(await failure(flow.finish(attempt, '123456', signal))).toMatchObject({
    code: 'invalid-credentials',
    message: expect.stringContaining('Wait for the next code'),
  });
  expect(forms()).toEqual(['pair ssh-ed25519', 'single ssh-rsa']);
  // The next code goes in the form that was found.
  await failure(flow.finish(attempt, '234567', signal));
  expect(forms().at(-1)).toBe('single ssh-rsa');
  flow.close();
});

it('both forms refused: nothing is asked a third time', async () => {
  const { flow, attempt, forms } = await flowOn('ssh: no key found', "'ssh_pub_key' or 'tls_pub_key' must be set", 'rest');
  expect(await failure(flow.finish(attempt, '123456', signal))).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('kind of keys'),
  });
  expect(forms()).toHaveLength(2);
  flow.close();
});

it('other refusals are never repeated', async () => {
  const { flow, attempt, forms } = await flowOn('invalid username, password or second factor');
  expect(await failure(flow.finish(attempt, '123456', signal))).toMatchObject({ code: 'invalid-credentials' });
  expect(forms()).toHaveLength(1);
  flow.close();
});
