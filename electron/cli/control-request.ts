import * as z from 'zod';
import { errorDataSchema } from '../../shared/errors/app-error.ts';
import { sshTargetSchema } from '../../shared/model/document.ts';
import { gatewayTargetSchema } from '../../shared/model/gateway.ts';
import { resourceKindSchema, resourceSchema } from '../../shared/model/resource.ts';

const text = z.string().max(2048);

/** Chooses a login: the name of a root or leaf cluster, and a proxy's address. Empty chooses the one that fits. */
export const clusterChoiceSchema = z.object({ cluster: text.default(''), proxy: text.default('') });
export type ClusterChoice = z.infer<typeof clusterChoiceSchema>;

/** What may be asked on the `app` socket: one JSON line, answered by one. */
export const appRequestSchema = z.discriminatedUnion('request', [
  clusterChoiceSchema.extend({ request: z.literal('list'), kinds: z.array(resourceKindSchema).max(20), search: text }),
  clusterChoiceSchema.extend({ request: z.literal('open'), what: z.enum(['ssh', 'database', 'kube', 'app']), name: text.min(1), user: text }),
  /** `destination`: `user@host` or `user@host:port`, as OpenSSH writes it. */
  clusterChoiceSchema.extend({ request: z.literal('locate'), destination: text.min(1) }),
  /** `capitals`: with the names of servers that OpenSSH would find only in small letters; it takes a look at all of them. */
  z.object({ request: z.literal('ssh-config'), capitals: z.boolean() }),
]);
export type AppRequest = z.infer<typeof appRequestSchema>;

/** What may be asked on the `relay` socket. After the answer, bytes follow. */
export const relayRequestSchema = z.object({ request: z.literal('relay'), target: sshTargetSchema });

/** `more`: there are others that were not listed. */
export const listAnswerSchema = z.object({ resources: z.array(resourceSchema), more: z.boolean() });
/**
 * `host`: the server's name with its cluster's at the end, as `owner`; `alias`: a name without capital letters that stands in its certificate too, empty
 * when it was not found in the list.
 */
export const locateAnswerSchema = z.object({ target: sshTargetSchema, host: z.string(), owner: z.string(), alias: z.string() });
export type Located = z.infer<typeof locateAnswerSchema>;
export const configAnswerSchema = z.object({ text: z.string() });

export const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorDataSchema }),
]);

/** What the window is told to open. */
export const openedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ssh'), target: sshTargetSchema }),
  ...gatewayTargetSchema.options,
]);
export type Opened = z.infer<typeof openedSchema>;
