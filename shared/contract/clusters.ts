import * as z from 'zod';
import { call, nothing, stream, topic } from '../ipc/define.ts';
import { authSettingsSchema, clusterKeySchema, clusterSchema } from '../model/cluster.ts';
import { connectionStepSchema } from '../model/diagnostics.ts';
import { appOptionsSchema, databaseOptionsSchema } from '../model/gateway.ts';
import { loginAnswerSchema, loginStepSchema } from '../model/login.ts';
import { loginReasonSchema } from '../model/question.ts';
import { resourcePageSchema, resourceQuerySchema } from '../model/resource.ts';

const cluster = z.object({ key: clusterKeySchema });
const namedResource = z.object({
  cluster: clusterKeySchema,
  leaf: z.string().max(300),
  name: z.string().min(1).max(1024),
  loginReason: loginReasonSchema,
});

/** Clusters, logins and their resources. */
export const clustersCalls = {
  /** Finds the proxy behind a typed address and remembers it. `untrusted-certificate` errors carry `fingerprint`, `subject`, `issuer`, `validFrom`, `validTo`. */
  'clusters.add': call(z.object({ address: z.string().max(2048) }), z.object({ key: clusterKeySchema })),
  /** The person's decision to trust the web certificate with this fingerprint for this proxy, and nothing else. */
  'clusters.trust': call(z.object({ address: z.string().max(2048), fingerprint: z.string().max(200) }), nothing),
  'clusters.auth-settings': call(cluster, authSettingsSchema),
  'clusters.refresh': call(cluster, nothing),
  /** Tries one step, for at most five seconds. `detail` says what was found; an error's sentence says what is wrong and what to do. */
  'clusters.test-connection': call(cluster.extend({ step: connectionStepSchema }), z.object({ detail: z.string() })),
  'clusters.logout': call(cluster, nothing),
  'clusters.forget': call(cluster, nothing),
  'resources.list': call(resourceQuerySchema, resourcePageSchema),
  /** `not-found` when there is no such database, or it may not be seen. */
  'resources.database-options': call(namedResource, databaseOptionsSchema),
  'resources.app-options': call(namedResource, appOptionsSchema),
};

export const clustersStreams = {
  /** A login: steps come down, the person's answers go up. It ends after `done`, or with an error that ends the login; closing it cancels. */
  'clusters.login': stream(cluster, loginAnswerSchema, loginStepSchema),
};

export const clustersTopics = {
  clusters: topic(z.array(clusterSchema)),
};
