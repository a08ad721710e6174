import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { clusterKeySchema, connectorSchema } from './cluster.ts';

/** The question that a login has for the person now. `error` says why the same is asked again; null at the first time. */
export const loginStepSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('password'), error: errorDataSchema.nullable() }),
  /** The one-time code of an authenticator app. */
  z.object({ step: z.literal('code'), error: errorDataSchema.nullable() }),
  /**
   * The person logs in in a browser. `url`, on this computer, leads there; `opened` says whether a browser was started with it. The next step comes by itself.
   */
  z.object({ step: z.literal('browser'), connector: connectorSchema, url: z.string(), opened: z.boolean() }),
  /** The login is stored. Its key differs from the one asked with when the user did. */
  z.object({ step: z.literal('done'), key: clusterKeySchema }),
]);
export type LoginStep = z.infer<typeof loginStepSchema>;

/** The person's answer. */
export const loginAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('password'), user: z.string().min(1).max(512), password: z.string().min(1).max(4096) }),
  z.object({ type: z.literal('code'), code: z.string().max(16) }),
  /** Single sign-on by one of the cluster's connectors. */
  z.object({ type: z.literal('sso'), connector: connectorSchema }),
  /** Back to the first step; the work on the last answer is aborted. */
  z.object({ type: z.literal('back') }),
]);
export type LoginAnswer = z.infer<typeof loginAnswerSchema>;
