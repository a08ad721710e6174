import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { authSettingsSchema, clusterKeySchema, clusterSchema } from '../model/cluster.ts';
import { connectionStepSchema } from '../model/diagnostics.ts';
import { appOptionsSchema, databaseOptionsSchema } from '../model/gateway.ts';
import { resourcePageSchema, resourceQuerySchema } from '../model/resource.ts';

const cluster = z.object({ key: clusterKeySchema });
const namedResource = z.object({ cluster: clusterKeySchema, leaf: z.string().max(300), name: z.string().min(1).max(1024) });

/** Clusters, logins and their resources. */
export const clustersCalls = {
  /** Finds the proxy behind a typed address and remembers it. `untrusted-certificate` errors carry `fingerprint`, `subject`, `issuer`, `validFrom`, `validTo`. */
  'clusters.add': call(z.object({ address: z.string().max(2048) }), z.object({ key: clusterKeySchema })),
  /** The person's decision to trust the web certificate with this fingerprint for this proxy, and nothing else. */
  'clusters.trust': call(z.object({ address: z.string().max(2048), fingerprint: z.string().max(200) }), nothing),
  'clusters.auth-settings': call(cluster, authSettingsSchema),
  /** First half of a local login: password. The answer says what second factor is wanted. */
  'clusters.login-begin': call(
    z.object({ key: clusterKeySchema, user: z.string().min(1).max(512), password: z.string().min(1).max(4096) }),
    z.object({ attempt: z.string(), totp: z.boolean(), webauthn: z.boolean(), none: z.boolean() }),
  ),
  /** Second half. Returns the key of the login, which differs from the one asked with when the user did. */
  'clusters.login-finish': call(z.object({ attempt: z.string(), totp: z.string().max(16) }), z.object({ key: clusterKeySchema })),
  'clusters.refresh': call(cluster, nothing),
  /** Tries one thing, for five seconds at most. `detail` says what was found; the error's sentence, what is wrong and what to do. */
  'clusters.test-connection': call(cluster.extend({ step: connectionStepSchema }), z.object({ detail: z.string() })),
  'clusters.logout': call(cluster, nothing),
  'clusters.forget': call(cluster, nothing),
  'resources.list': call(resourceQuerySchema, resourcePageSchema),
  /** `not-found` when there is no such database, or it may not be seen. */
  'resources.database-options': call(namedResource, databaseOptionsSchema),
  'resources.app-options': call(namedResource, appOptionsSchema),
};

export const clustersTopics = {
  clusters: topic(z.array(clusterSchema)),
};
