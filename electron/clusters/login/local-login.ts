import { AppError } from '../../../shared/errors/app-error.ts';
import { within } from '../../lib/deadline.ts';
import type { LoginKeys } from '../../teleport/certs/keys.ts';
import { loginKeyForm } from '../../teleport/connect/versions.ts';
import { keyFormRefusal } from '../../teleport/web/web-errors.ts';
import type { Ping } from '../../teleport/web/webapi.ts';
import { type LoginConversation, WentBack } from './conversation.ts';
import { type GrantedLogin, grantedLogin, type LoginSite, newKeys, publicKeys, ttlOf, type UsedConnector } from './granted-login.ts';
import { loginFactor, type SecondFactor } from './mfa-ceremony.ts';

/**
 * How long a typed password waits in memory for the second factor. Five minutes are enough to fetch a phone; after that, an
 * unattended computer should not hold a password.
 */
export const codeWaitMs = 5 * 60_000;
/** After these failures the person may try another code with the same password. Nothing is repeated automatically. */
const codeAgain = ['invalid-credentials', 'rate-limited', 'timeout', 'unreachable', 'offline'];

const local: UsedConnector = { type: 'local', name: 'local' };

interface Started {
  user: string;
  password: string;
  ping: Ping;
  keys: Promise<LoginKeys>;
  /** The keys are sent in the form of the other versions, because the server refused the form that its version should take. */
  otherForm: boolean;
}

/** The part of a login that follows a typed password: the second factor, where the cluster asks for one (login-and-auth §2.1). `back` when the person wants to begin again. */
export async function logInWithPassword(
  person: LoginConversation,
  site: LoginSite,
  typed: Pick<Started, 'user' | 'password'>,
): Promise<GrantedLogin | 'back'> {
  const { started, factor } = await person.while(async (signal) => {
    const ping = await site.ping(signal);
    const challenge = await site.web.loginBegin(typed, ping, signal);
    const keys = newKeys(site, ping, loginKeyForm(ping.serverVersion));
    const begun: Started = { ...typed, ping, keys, otherForm: false };
    return { started: begun, factor: loginFactor(challenge) };
  });
  if (factor === 'none') return person.while((signal) => finish(site, started, '', signal));
  return withFactor(person, site, started, factor);
}

async function withFactor(
  person: LoginConversation,
  site: LoginSite,
  started: Started,
  factor: Exclude<SecondFactor, 'none'>,
): Promise<GrantedLogin | 'back'> {
  let error: AppError | null = null;
  for (;;) {
    const answer = await within(person.ask({ step: factor, error: error?.toData() ?? null }), codeWaitMs, tookTooLong);
    if (answer.type !== 'code') return 'back';
    try {
      return await person.while((signal) => finish(site, started, answer.code, signal));
    } catch (caught) {
      if (person.signal.aborted || caught instanceof WentBack || !codeAgain.includes(AppError.from(caught).code)) throw caught;
      error = AppError.from(caught);
    }
  }
}

async function finish(site: LoginSite, started: Started, totp: string, signal: AbortSignal): Promise<GrantedLogin> {
  const { user, password, ping } = started;
  const keys = await started.keys;
  const ttl = ttlOf(ping);
  try {
    return await grantedLogin(
      site,
      { ping, keys, connector: local },
      await site.web.loginFinish({ user, password, totp, ttl, ...publicKeys(keys) }, ping, signal),
    );
  } catch (caught) {
    const error = AppError.from(caught);
    if (error.details?.refused !== keyFormRefusal || started.otherForm) throw error;
  }
  // Tried once whatever the version says, because some builds take another form than their version should.
  started.otherForm = true;
  started.keys = newKeys(site, ping, keys.keyForm === 'pair' ? 'single' : 'pair');
  try {
    return await finish(site, started, totp, signal);
  } catch (caught) {
    const error = AppError.from(caught);
    if (error.code !== 'invalid-credentials' || totp === '') throw error;
    throw new AppError(
      'invalid-credentials',
      'The cluster wants the keys of this login in an older form, and the code was used up by finding out. Wait for the next code and enter it.',
      { cause: error },
    );
  }
}

const tookTooLong = () => new AppError('timeout', 'This login took too long and was put away for safety. Enter the password again.');
