import { AppError } from '../../../shared/errors/app-error.ts';
import type { ServerStream } from '../../../shared/ipc/server.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { LoginAnswer, LoginStep } from '../../../shared/model/login.ts';
import type { ClusterStreams } from '../cluster-service.ts';

export interface TestPerson {
  name: string;
  password: string;
  /** A one-time code of now. */
  totp(): string;
}

/** What a person does at each step of a login: answers what is asked for the first time, and gives up where the same is asked again. */
export function answerTo(step: LoginStep, { name, password, totp }: TestPerson): LoginAnswer {
  if (step.step === 'done' || step.step === 'browser') throw new Error('nothing is asked any more');
  if (step.error) throw AppError.fromData(step.error);
  return step.step === 'password' ? { type: 'password', user: name, password } : { type: 'code', code: totp() };
}

/** A login by the service's stream. Resolves with the login's key; rejects with the error that ended it, or with the one that a step is asked again for. */
export function logInAs({ streams }: { streams: ClusterStreams }, key: ClusterKey, person: TestPerson): Promise<ClusterKey> {
  return new Promise((resolve, reject) => {
    let hear: (answer: LoginAnswer) => void = () => {};
    let close = () => {};
    const stream: ServerStream<LoginAnswer, LoginStep> = {
      credit: 0,
      write: () => {},
      send: (step) => {
        if (step.step === 'done') return resolve(step.key);
        queueMicrotask(() => {
          try {
            hear(answerTo(step, person));
          } catch (error) {
            close();
            reject(error);
          }
        });
      },
      end: (error) => error && reject(error),
      onData: () => {},
      onMessage: (listener) => {
        hear = listener;
      },
      onCredit: () => {},
      onClose: (listener) => {
        close = () => listener(false);
      },
    };
    streams['clusters.login']({ key }, stream);
  });
}
