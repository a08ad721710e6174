import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import {
  accessRequestDetailSchema,
  accessRequestSchema,
  basketChangeSchema,
  dryRunSchema,
  requestCapabilitiesSchema,
  requestDraftSchema,
  requestNoticeSchema,
  requestPageSchema,
  requestQuerySchema,
  requestsOverviewSchema,
  resourceIdSchema,
} from '../model/access-request.ts';
import { clusterKeySchema } from '../model/cluster.ts';

const accessRequest = z.object({ cluster: clusterKeySchema, id: z.string().min(1).max(100) });
const requestIds = z.array(z.string().min(1).max(100)).min(1).max(100);
/** 4096 bytes at most; the service counts them. */
const reason = z.string().max(20_000).default('');

/** Access requests. */
export const requestsCalls = {
  /** From main's own copy, which follows the cluster. */
  'requests.list': call(requestQuerySchema, requestPageSchema),
  /** Asks the cluster. `not-found` when the request is gone. */
  'requests.get': call(accessRequest, accessRequestDetailSchema),
  /** Reads the list from the cluster again. */
  'requests.refresh': call(z.object({ cluster: clusterKeySchema }), nothing),
  /** With `resources`, also the roles that reach them. */
  'requests.capabilities': call(
    z.object({ cluster: clusterKeySchema, resources: z.array(resourceIdSchema).max(300).default([]) }),
    requestCapabilitiesSchema,
  ),
  /** Namespaces of a Kubernetes cluster that this person has or could ask for, the first that match; null where the cluster does not tell. */
  'requests.namespaces': call(
    z.object({ cluster: clusterKeySchema, kube: resourceIdSchema, search: z.string().max(1000).default('') }),
    z.array(z.string()).nullable(),
  ),
  /** Stores nothing on the server; the reason may still be empty. */
  'requests.dry-run': call(z.object({ cluster: clusterKeySchema, draft: requestDraftSchema }), dryRunSchema),
  'requests.create': call(z.object({ cluster: clusterKeySchema, draft: requestDraftSchema }), accessRequestSchema),
  /** `assumeStart`: another start than the one asked for; null leaves it. Refusals carry the server's words. */
  'requests.review': call(
    accessRequest.extend({ decision: z.enum(['approve', 'deny']), reason, assumeStart: z.number().nullable().default(null) }),
    accessRequestSchema,
  ),
  /** Long-term access by an access list out of `promotions`. */
  'requests.promote': call(accessRequest.extend({ accessList: z.string().min(1).max(1024), reason }), accessRequestSchema),
  /** Withdraws it, where the cluster allows that. */
  'requests.delete': call(accessRequest, nothing),
  /** Assumes the access of approved requests beside those already assumed. Resolves when the new certificate was read back. */
  'requests.assume': call(z.object({ cluster: clusterKeySchema, ids: requestIds }), nothing),
  /** `ids: null` drops all assumed access. */
  'requests.drop': call(z.object({ cluster: clusterKeySchema, ids: requestIds.nullable() }), nothing),
  'requests.basket': call(basketChangeSchema, nothing),
};

export const requestsTopics = {
  /** By cluster key, for clusters with a login. */
  requests: topic(z.record(clusterKeySchema, requestsOverviewSchema)),
  /** The latest notices, oldest first. Electron shows them itself; in the browser host the page does. */
  'request-notices': topic(z.array(requestNoticeSchema)),
};
