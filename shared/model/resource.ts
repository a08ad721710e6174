import * as z from 'zod';
import { clusterKeySchema } from './cluster.ts';
import { loginReasonSchema } from './question.ts';

export const resourceKinds = [
  'node',
  'db',
  'kube_cluster',
  'app',
  'mcp',
  'windows_desktop',
  'linux_desktop',
  'saml_idp_service_provider',
  'git_server',
] as const;
export const resourceKindSchema = z.enum(resourceKinds);
export type ResourceKind = z.infer<typeof resourceKindSchema>;

export const labelSchema = z.object({ name: z.string(), value: z.string() });
export type Label = z.infer<typeof labelSchema>;

/** One row of the resources page: what is shown, and what is needed to open it. Text is as the server sent it, control characters removed. */
export const resourceSchema = z.object({
  kind: resourceKindSchema,
  /** Teleport's own name: the UUID of a node, the name of anything else. */
  id: z.string(),
  /** Cluster that owns it: the root's or a leaf's name. */
  cluster: z.string(),
  /** What a person calls it: host name of a node, friendly name of an app, else the id. */
  name: z.string(),
  description: z.string(),
  labels: z.array(labelSchema),
  /** Address, URI or protocol, for display. */
  address: z.string(),
  /** `openssh`, `openssh-ec2-ice`, database protocol, app kind …; empty when there is none. */
  subKind: z.string(),
  /** SSH or desktop logins that this person may use here. */
  logins: z.array(z.string()),
  requiresRequest: z.boolean(),
  health: z.enum(['healthy', 'unhealthy', 'unknown', 'mixed', '']),
  /** A `tsh` command that reaches it. */
  tshCommand: z.string(),
  /** A page of the proxy's web UI for it; empty when there is none. */
  webUrl: z.string(),
});
export type Resource = z.infer<typeof resourceSchema>;

export const resourceQuerySchema = z.object({
  cluster: clusterKeySchema,
  /** Name of a leaf cluster, or empty for the root. */
  leaf: z.string().default(''),
  kinds: z.array(resourceKindSchema).default([]),
  /** Words typed into the search field. */
  search: z.string().max(1000).default(''),
  /** Teleport's predicate language; used instead of `search` when not empty. */
  predicate: z.string().max(4000).default(''),
  labels: z.array(labelSchema).default([]),
  sort: z.object({ field: z.enum(['name', 'kind']), descending: z.boolean() }).default({ field: 'name', descending: false }),
  /**
   * `accessible`: what this person can open. `requestable`: only what can be asked for. `all`: both. `cluster`: `all` or `accessible`, as the
   * cluster's own setting says.
   */
  availability: z.enum(['accessible', 'requestable', 'all', 'cluster']).default('accessible'),
  startKey: z.string().default(''),
  limit: z.number().int().min(1).max(1000).default(200),
  loginReason: loginReasonSchema,
});
export type ResourceQuery = z.input<typeof resourceQuerySchema>;

export const resourcePageSchema = z.object({
  resources: z.array(resourceSchema),
  /** Empty at the end of the list. */
  nextKey: z.string(),
  /** Items the server sent that could not be understood; the page names the count. */
  skipped: z.number().int(),
});
export type ResourcePage = z.infer<typeof resourcePageSchema>;
