import { AppError } from '../../shared/errors/app-error.ts';
import { serverWords } from '../teleport/transport/grpc-errors.ts';

/** Failures that do not concern the request itself are passed on unchanged. */
const general = [
  'cancelled',
  'expired',
  'offline',
  'unreachable',
  'timeout',
  'name-not-resolved',
  'untrusted-certificate',
  'closed',
  'locked',
  'rate-limited',
  'disk',
];

/** A refusal of an action on access requests: what was refused, why in the server's own words, and what to do where that is known. */
export function refusal(caught: unknown, action: 'create' | 'review' | 'promote' | 'delete' | 'assume' | 'drop'): AppError {
  const error = AppError.from(caught);
  const words = serverWords(error);
  // Under a lock the cluster gives no new certificate, and says so in these two ways (login-and-auth §8).
  if (action === 'drop' && (error.code === 'locked' || /^access denied\.?$/i.test(words)))
    return new AppError(error.code, `${openings.drop}: ${lockedDrop}`, { ...(error.details ? { details: error.details } : {}), cause: error.cause });
  if (general.includes(error.code) || words === '') return error;
  const advice = known.find(({ pattern, actions }) => pattern.test(words) && (!actions || actions.includes(action)))?.advice ?? '';
  const message = `${openings[action]}: ${words.replace(/[.\s]+$/, '')}.${advice ? ` ${advice}` : ''}`;
  return new AppError(error.code, message, { ...(error.details ? { details: error.details } : {}), cause: error.cause });
}

const openings = {
  create: 'The cluster refused the request',
  review: 'The cluster refused your review',
  promote: 'The cluster refused the promotion',
  delete: 'The cluster refused to withdraw the request',
  assume: 'The request could not be assumed, because the cluster refused the certificate',
  drop: 'The access could not be dropped',
};

const lockedDrop =
  'your account, or one of the roles you assumed, is locked. Log out and log in again: a new login does not carry the assumed access.';

/** Advice for known refusals, where more can be said than the server does. */
const known: { pattern: RegExp; actions?: string[]; advice: string }[] = [
  {
    pattern: /requires MFA/,
    advice:
      'This is an administrator’s action that wants a proof of your second factor, which Slipway cannot give yet: use the web page of the cluster.',
  },
  { pattern: /search_as_roles/, advice: 'On this cluster you can ask for roles, not for single resources.' },
  { pattern: /cannot submit reviews/, advice: 'Nobody can review here in the app, or you have no role for it; an administrator decides.' },
  { pattern: /own access request/, advice: 'Somebody else has to review what you ask for.' },
  { pattern: /already reviewed/, advice: 'Your first review counts.' },
  { pattern: /been already|already (approved|denied|promoted)/, advice: 'Somebody else was faster; nothing is left to do.' },
  { pattern: /awaiting approval/, advice: 'Wait for its reviewers.' },
  { pattern: /has been denied/, advice: 'Ask again if you still need it.' },
  { pattern: /not found/, actions: ['assume'], advice: 'It was deleted or has run out. If it is one that you assumed before, drop it first.' },
  { pattern: /not found/, actions: ['drop'], advice: 'Another assumed request was deleted. Drop all access.' },
  { pattern: /not found/, advice: 'It was withdrawn, deleted, or has run out.' },
  {
    pattern: /multiple resource access requests/,
    advice: 'Only one request for resources can be in force at a time. Drop the other one first.',
  },
  { pattern: /can ?not request role/, advice: 'Choose among the roles that are offered.' },
  { pattern: /action "(delete|update)"/, advice: 'Only an administrator may do that on this cluster.' },
];
