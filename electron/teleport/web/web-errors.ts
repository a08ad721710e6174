import { AppError } from '../../../shared/errors/app-error.ts';
import { cleanText } from '../connect/clean-text.ts';

/** The request that failed: the same text has different meanings. */
export type WebStep = 'ping' | 'other' | 'login-begin' | 'login-finish' | 'sso-begin';

/** `details.refused` of a login whose keys came in a form that the server does not know. */
export const keyFormRefusal = 'key-form';

/** A refusal of the proxy's web API (login-and-auth §1.1, §2.1) as a sentence for people. `text` is the server's own. */
export function webError(status: number, text: string, step: WebStep, address: string): AppError {
  const message = cleanText(text, 300);
  const lower = message.toLowerCase();
  const fail = (code: ConstructorParameters<typeof AppError>[0], sentence: string, details: Record<string, string | number> = {}) =>
    new AppError(code, sentence, { details: { address, status, ...details } });

  if (status === 429 || lower.includes('rate limit exceeded')) {
    const wait = Number(/try again in (\d{1,5})s/.exec(lower)?.[1] ?? 10);
    return fail('rate-limited', `The cluster was asked too often. Try again in ${wait} seconds.`, { seconds: wait });
  }
  const policy = /private key policy not (?:met|satisfied): ([a-z_]{1,50})/.exec(lower)?.[1];
  if (policy) return hardwareKey(policy);
  if (lower.includes('too many incorrect attempts'))
    return fail(
      'locked',
      'This account is locked for a while after too many wrong attempts. It opens again by itself, or an administrator can unlock it.',
    );
  const lock = /lock targeting .* is in force(?::\s*(.*))?/.exec(message);
  if (lock) return fail('locked', `An administrator has locked this account${lock[1] ? `: ${lock[1]}` : ''}. Ask them to unlock it.`);
  if (lower.includes('missing second factor'))
    return fail(
      'second-factor-required',
      'This account needs a second factor, and none was given. Log in again with the code of your authenticator app.',
    );
  if ((step === 'login-finish' || step === 'sso-begin') && /no key found|(missing|parse|invalid) (ssh |tls )?public key|pub_key/.test(lower))
    return fail(
      'unsupported',
      'The cluster does not take the kind of keys that Slipway makes. Tell its administrator, and log in with tsh for now.',
      {
        refused: keyFormRefusal,
      },
    );
  if (lower.includes('local auth disabled') || lower.includes('local auth is disabled'))
    return fail('local-login-disabled', 'This cluster does not allow logins with a password. Use one of its single sign-on buttons.');
  if (lower.includes('passwordless')) return fail('unsupported', 'This cluster does not allow passwordless logins.');
  if (/invalid credentials|invalid username/.test(lower)) {
    if (step === 'login-begin')
      return fail('invalid-credentials', 'The user name or the password is wrong, or the account is locked for now. Check both and try again.');
    return fail('invalid-credentials', 'The password or the code is wrong, or the code was used before. Wait for the next code, then log in again.');
  }
  if (step === 'sso-begin') {
    const refused = ssoRefusal(status, lower);
    if (refused) return fail(...refused);
  }
  if (status === 404) {
    if (step === 'ping') return notAProxy(address);
    return fail('unsupported', 'This version of Teleport does not offer what was asked. The cluster may have to be upgraded.');
  }
  if (status === 504 || status === 502 || status === 503)
    return fail('offline', `The proxy at ${address} answers, but the cluster behind it does not. Try again in a moment.`);
  const said = message ? `: ${message}` : '';
  if (status === 401 || status === 403) return fail('access-denied', `The cluster refused this${said}.`);
  if (status === 400 || status === 409 || status === 412) return fail('invalid-argument', `The cluster did not accept the request${said}.`);
  if (status === 501) return fail('unsupported', `The cluster does not support this${said}.`);
  return fail('bad-response', `The cluster reported an error (HTTP ${status})${said}. Try again later.`);
}

/** The proxy masks why a single sign-on could not begin; it names only a callback address that it does not allow (login-and-auth §2.4). */
function ssoRefusal(status: number, text: string): ['unsupported' | 'access-denied', string] | null {
  if (status === 404) return ['unsupported', 'This edition of Teleport offers single sign-on by GitHub only. Choose another way to log in.'];
  if (text.includes('callback url'))
    return [
      'access-denied',
      'The cluster does not let a login in the browser come back to this computer. Its administrator can allow that for the connector.',
    ];
  if (text.includes('failed to login'))
    return ['access-denied', 'The cluster could not begin this single sign-on. Its administrator finds the reason in the log of Teleport.'];
  return null;
}

export function notAProxy(address: string): AppError {
  return new AppError('not-a-proxy', `There is a web server at ${address}, but it is no Teleport proxy. Check the address and the port.`, {
    details: { address },
  });
}

export function hardwareKey(policy: string): AppError {
  return new AppError(
    'hardware-key',
    'This cluster only accepts keys that live on a hardware token such as a YubiKey. Slipway cannot use those yet.',
    { details: { policy } },
  );
}
