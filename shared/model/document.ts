import * as z from 'zod';
import { requestScopes, requestStateSchema } from './access-request.ts';
import { clusterKeySchema } from './cluster.ts';
import { labelSchema, resourceKindSchema } from './resource.ts';

/** Why a tab was opened; telemetry only. */
export const originSchema = z.enum(['resource_table', 'search_bar', 'connection_list', 'reopened_session']);

const base = { id: z.string().min(1).max(100) };

/** The server that a terminal is on. `node` is the UUID, or what was typed in quick connect (`host` or `host:port`). */
export const sshTargetSchema = z.object({
  cluster: clusterKeySchema,
  /** Leaf cluster's name, or empty for the root. */
  leaf: z.string(),
  node: z.string().min(1).max(1024),
  /** For display and titles. */
  hostname: z.string(),
  login: z.string().min(1).max(256),
});
export type SshTarget = z.infer<typeof sshTargetSchema>;

/** What a pane shows. Plain data, so that it can be saved and restored. */
export const documentSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('resources'),
    cluster: clusterKeySchema,
    leaf: z.string(),
    search: z.string(),
    kinds: z.array(resourceKindSchema),
    labels: z.array(labelSchema),
    sort: z.object({ field: z.enum(['name', 'kind']), descending: z.boolean() }),
    /** What of the list is shown by the right to open it; the cluster's own setting when absent. */
    availability: z.enum(['accessible', 'requestable', 'all']).optional(),
  }),
  z.object({
    ...base,
    kind: z.literal('requests'),
    cluster: clusterKeySchema,
    scope: z.enum(requestScopes),
    states: z.array(requestStateSchema),
    search: z.string(),
    sort: z.object({ field: z.enum(['created', 'state', 'user', 'expires']), descending: z.boolean() }),
    /** Id of the request whose page stands beside the list; empty for none. */
    request: z.string().max(100),
  }),
  z.object({
    ...base,
    kind: z.literal('ssh'),
    target: sshTargetSchema,
    origin: originSchema,
  }),
  z.object({
    ...base,
    kind: z.literal('shell'),
    cwd: z.string(),
    /** In the environment of a local connection (`connections` topic): its command of this index, or a shell when null. */
    gateway: z
      .object({
        connection: z.string().max(100),
        command: z.number().int().min(0).max(20).nullable(),
        cluster: clusterKeySchema,
        title: z.string(),
        origin: originSchema.default('reopened_session'),
      })
      .optional(),
  }),
  /** A local connection by its id in the `connections` topic. What is beside the id names the tab while the list is not there. */
  z.object({ ...base, kind: z.literal('gateway'), connection: z.string().min(1).max(100), cluster: clusterKeySchema, title: z.string() }),
  /** Files of this computer beside those of a server. Empty paths are the home folders. */
  z.object({ ...base, kind: z.literal('files'), target: sshTargetSchema, remotePath: z.string(), localPath: z.string() }),
  z.object({ ...base, kind: z.literal('settings') }),
  z.object({ ...base, kind: z.literal('telemetry') }),
  z.object({ ...base, kind: z.literal('diagnostics') }),
]);
export type Document = z.infer<typeof documentSchema>;
