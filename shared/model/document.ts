import * as z from 'zod';
import { clusterKeySchema } from './cluster.ts';
import { labelSchema, resourceKindSchema } from './resource.ts';

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

/** What a tab shows. Plain data, so that it can be saved and restored. */
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
  }),
  z.object({ ...base, kind: z.literal('ssh'), target: sshTargetSchema, origin: z.enum(['resource_table', 'search_bar', 'connection_list', 'reopened_session']) }),
  z.object({ ...base, kind: z.literal('shell'), cwd: z.string() }),
  z.object({ ...base, kind: z.literal('settings') }),
  z.object({ ...base, kind: z.literal('telemetry') }),
  z.object({ ...base, kind: z.literal('diagnostics') }),
]);
export type Document = z.infer<typeof documentSchema>;

/** The open tabs, left to right. */
export const workspaceSchema = z.object({
  documents: z.array(documentSchema).max(1000),
  active: z.string().nullable(),
});
export type Workspace = z.infer<typeof workspaceSchema>;
