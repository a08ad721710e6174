import * as z from 'zod';
import { clusterKeySchema } from './cluster.ts';

/** Work in the background that failed since the app started. */
export const backgroundFailureSchema = z.object({
  /** What was tried, in words that follow "Slipway tried". */
  what: z.string(),
  /** Key of the cluster; empty for none. */
  cluster: z.string(),
  /** The last words, with secrets hidden. */
  words: z.string(),
  failures: z.number().int(),
  /** Milliseconds since the epoch. */
  first: z.number(),
  last: z.number(),
  /** It has not worked since. */
  isFailing: z.boolean(),
});
export type BackgroundFailure = z.infer<typeof backgroundFailureSchema>;

/** One step of the test of a cluster's connection. */
export const connectionStepSchema = z.object({
  name: z.string(),
  /** `waiting` and `running` change; `skipped`: a step before it failed, or there is nothing to try. */
  state: z.enum(['waiting', 'running', 'ok', 'failed', 'skipped']),
  /** What was found, or what is wrong and what to do. */
  detail: z.string(),
});
export type ConnectionStep = z.infer<typeof connectionStepSchema>;

export const connectionTestSchema = z.object({ cluster: clusterKeySchema });
