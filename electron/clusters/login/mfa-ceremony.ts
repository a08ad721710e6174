import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';

// The one place that knows which second factors Slipway can give: today only the one-time code of a login.

/** What a login asks for beside the password. */
export type SecondFactor = 'code' | 'none';

/** The factor to give, of those that a login's challenge offers. Throws `second-factor-unsupported` when there is none that Slipway can give. */
export function loginFactor({ totp, webauthn }: { totp: boolean; webauthn: boolean }): SecondFactor {
  if (totp) return 'code';
  if (!webauthn) return 'none';
  throw new AppError(
    'second-factor-unsupported',
    'This account confirms logins with a security key only, which Slipway cannot use yet. Register an authenticator app for the account, or log in with tsh.',
  );
}

/** The refusal of a session on `target` that wants its own second factor. `instead` names a program that can open it meanwhile: “tsh”. */
export function sessionProofRefusal(target: string, instead: string): AppError {
  return new AppError(
    'session-mfa',
    `${target} wants a proof of your second factor for each session, which Slipway cannot give yet. Use ${instead} for it.`,
    { details: { target } },
  );
}

/** The same for a session on a server. */
export function serverProofRefusal({ hostname, node }: SshTarget): AppError {
  return sessionProofRefusal(hostname || node, '“tsh ssh”');
}
