import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Handlers } from '../../shared/ipc/server.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';

/** What a made-up cluster does with a login. A thrown error asks for the same once more; `wait` never answers. */
export interface FakeLogin {
  password?(user: string, password: string): 'code' | 'done' | 'wait';
  code?(code: string): 'done' | 'wait';
  /** Without it the page waits for the browser. */
  sso?(): 'done' | 'wait';
  /** Whether a browser is started for a single sign-on. */
  browserOpens?: boolean;
  /** The person went back, or closed the dialog. */
  givenUp?(): void;
  key?: ClusterKey;
}

/** The served login: a password, then a code, unless `login` has it otherwise. */
export function fakeLogin(login: FakeLogin, key: () => ClusterKey): Handlers<MainContract>['streams']['clusters.login'] {
  return (_params, stream) => {
    const next = (step: 'code' | 'done' | 'wait') => {
      if (step === 'code') stream.send({ step, error: null });
      if (step !== 'done') return;
      stream.send({ step, key: login.key ?? key() });
      stream.end();
    };
    const attempt = (step: 'password' | 'code', work: () => 'code' | 'done' | 'wait') => {
      try {
        next(work());
      } catch (caught) {
        stream.send({ step, error: AppError.from(caught).toData() });
      }
    };
    stream.onClose(() => login.givenUp?.());
    stream.onMessage((answer) => {
      if (answer.type === 'password') attempt('password', () => login.password?.(answer.user, answer.password) ?? 'code');
      if (answer.type === 'code') attempt('code', () => login.code?.(answer.code) ?? 'done');
      if (answer.type === 'sso' && login.sso) attempt('password', login.sso);
      else if (answer.type === 'sso') {
        const url = 'http://127.0.0.1:49152/made-up';
        stream.send({ step: 'browser', connector: answer.connector, url, opened: login.browserOpens ?? true });
      }
      if (answer.type === 'back') {
        login.givenUp?.();
        stream.send({ step: 'password', error: null });
      }
    });
    stream.send({ step: 'password', error: null });
  };
}
