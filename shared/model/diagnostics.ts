import * as z from 'zod';

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

/**
 * What is tried to test the connection to a cluster, in this order: which web proxy is used, whether the name is known, a TCP connection, the
 * proxy's web API, its clock, the login's certificate, whether a load balancer makes the connection upgrade necessary, the auth server by gRPC,
 * one SSH handshake with a server.
 */
export const connectionStepSchema = z.enum(['web-proxy', 'name', 'tcp', 'web', 'clock', 'certificate', 'upgrade', 'auth', 'ssh']);
export type ConnectionStep = z.infer<typeof connectionStepSchema>;
