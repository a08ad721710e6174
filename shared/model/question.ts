import * as z from 'zod';
import { clusterKeySchema } from './cluster.ts';

/**
 * For calls of a person who waits: what a login is for, in words that go on after “Log in”, such as `to see its resources`. Where the login is over, the call
 * asks for one and goes on after it. Absent, it fails with `expired` at once.
 */
export const loginReasonSchema = z.string().max(300).optional();

const asked = { id: z.string(), cluster: clusterKeySchema };

/** What main needs of the person, whichever window they answer in. */
export const questionSchema = z.discriminatedUnion('kind', [
  /** A login to the cluster. Logging in answers it; the page can only decline. `reason` goes on after “Log in”: `to see its resources`. */
  z.object({ kind: z.literal('login'), ...asked, reason: z.string() }),
  /** A proof of the second factor for one session, and what it is for. */
  z.object({ kind: z.literal('mfa'), ...asked, reason: z.string() }),
  /** A yes or no. `action` is what stands on the button that agrees. */
  z.object({ kind: z.literal('confirm'), ...asked, title: z.string(), reason: z.string(), action: z.string() }),
]);
export type Question = z.infer<typeof questionSchema>;

/** `agreed` answers a `confirm` only; `declined` answers all of them. */
export const questionAnswerSchema = z.object({ id: z.string().max(100), answer: z.enum(['agreed', 'declined']) });
export type QuestionAnswer = z.infer<typeof questionAnswerSchema>;
