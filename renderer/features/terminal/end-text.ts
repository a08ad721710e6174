import type { ErrorCode } from '../../../shared/errors/app-error.ts';
import type { ConnectStep, TerminalState } from './terminal-controller.ts';

type Ended = Extract<TerminalState, { phase: 'ended' }>;

const failures: Partial<Record<ErrorCode, string>> = {
  cancelled: 'Connecting was cancelled',
  expired: 'Needs a login',
  'access-denied': 'Access denied',
  'login-refused': 'The server refused this login',
  'node-offline': 'The server is offline',
  'not-found': 'The server was not found',
  'host-key': 'The server could not prove who it is',
  'session-mfa': 'This server asks for a second factor per session',
  offline: 'The cluster cannot be reached',
  unreachable: 'The cluster cannot be reached',
  timeout: 'The server did not answer in time',
  closed: 'The connection was lost',
  unsupported: 'Not possible here',
};

/** A short heading for a connection that did not come about. */
export function failureTitle(error: Ended['error']): string {
  return (error && failures[error.code]) ?? 'The terminal could not be opened';
}

/** One line about a session that ran and is over. */
export function endText({ code, signal, error }: Ended): string {
  if (error) return error.code === 'closed' ? error.message : `Connection lost: ${error.message}`;
  if (code !== null) return code === 0 ? 'The session ended.' : `The session exited with code ${code}.`;
  if (signal) return `The session was ended by signal ${signal.replace(/^SIG/, '')}.`;
  return 'The session was closed.';
}

const steps: Record<ConnectStep, string> = {
  opening: 'Preparing…',
  signing: 'Preparing your certificate…',
  dialling: 'Reaching the server…',
  authenticating: 'Logging in…',
  starting: 'Starting the shell…',
};

export function stepText(step: ConnectStep, local: boolean): string {
  return local ? 'Starting the shell…' : steps[step];
}
