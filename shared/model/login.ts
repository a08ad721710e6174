import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { clusterKeySchema } from './cluster.ts';

/** What a login asks the person for now. `error` says why the same is asked once more; null at the first time. */
export const loginStepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('password'), error: errorDataSchema.nullable() }),
  /** The one-time code of an authenticator app. */
  z.object({ step: z.literal('code'), error: errorDataSchema.nullable() }),
  /** The login is stored. Its key differs from the one asked with when the user did. */
  z.object({ step: z.literal('done'), key: clusterKeySchema }),
]);
export type LoginStep = z.infer<typeof loginStepSchema>;

/** What the person does about it. */
export const loginAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('password'), user: z.string().min(1).max(512), password: z.string().min(1).max(4096) }),
  z.object({ type: z.literal('code'), code: z.string().max(16) }),
  /** Back to the first step; what is under way for the last answer is given up. */
  z.object({ type: z.literal('back') }),
]);
export type LoginAnswer = z.infer<typeof loginAnswerSchema>;
