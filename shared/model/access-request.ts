import * as z from 'zod';
import { errorDataSchema } from '../errors/app-error.ts';
import { clusterKeySchema } from './cluster.ts';

/** Limits of the server (login-and-auth §7.7). */
export const maxReasonBytes = 4096;
export const maxRequestedResources = 300;

const name = z.string().min(1).max(1024);
const time = z.number();

/** One thing a request can name. `subResource` is the namespace of a Kubernetes cluster (kind `namespace`), empty elsewhere. */
export const resourceIdSchema = z.object({
  /** Cluster that owns it: the root's or a leaf's name. */
  cluster: name,
  kind: z.string().min(1).max(100),
  /** Teleport's own name: UUID of a node; of a namespace, its Kubernetes cluster. */
  name,
  subResource: z.string().max(1024).default(''),
});
export type ResourceId = z.output<typeof resourceIdSchema>;

/** `/cluster/kind/name[/sub]`, as Teleport writes it. Names a resource in records. */
export function resourceIdText({ cluster, kind, name, subResource }: ResourceId): string {
  return `/${cluster}/${kind}/${name}${subResource ? `/${subResource}` : ''}`;
}

/** A resource with what a person calls it: the host name of a node, else its name. */
export const namedResourceSchema = z.object({ id: resourceIdSchema, display: z.string().max(2000) });
export type NamedResource = z.output<typeof namedResourceSchema>;

export const requestStates = ['pending', 'approved', 'denied', 'promoted'] as const;
export const requestStateSchema = z.enum(requestStates);
export type RequestState = z.infer<typeof requestStateSchema>;

/** Texts are as the server sent them, without control characters and direction marks; reasons keep their line breaks. */
export const requestReviewSchema = z.object({
  author: z.string(),
  state: requestStateSchema,
  reason: z.string(),
  created: time.nullable(),
  /** The start that the reviewer set instead of the one asked for. */
  assumeStart: time.nullable(),
  /** Title of the access list that the reviewer promoted to; empty otherwise. */
  accessList: z.string(),
});
export type RequestReview = z.infer<typeof requestReviewSchema>;

/** "`approvals` of `approve` approvals". A request is decided when enough of its thresholds are met. */
export const requestThresholdSchema = z.object({
  name: z.string(),
  approve: z.number().int(),
  deny: z.number().int(),
  approvals: z.number().int(),
  denials: z.number().int(),
});
export type RequestThreshold = z.infer<typeof requestThresholdSchema>;

/** One access request. Times are milliseconds since the epoch by the server's clock: compare with `now + clockOffset`. */
export const accessRequestSchema = z.object({
  id: z.string(),
  user: z.string(),
  state: requestStateSchema,
  roles: z.array(z.string()),
  resources: z.array(namedResourceSchema),
  created: time.nullable(),
  /** End of the elevated access. */
  expires: time.nullable(),
  /** When the request itself vanishes. */
  requestExpires: time.nullable(),
  /** Before this it cannot be assumed; null when it can be at once. */
  assumeStart: time.nullable(),
  reason: z.string(),
  resolveReason: z.string(),
  reviewers: z.array(z.string()),
  reviews: z.array(requestReviewSchema),
  thresholds: z.array(requestThresholdSchema),
  /** Title of the access list it was promoted to; empty otherwise. */
  accessList: z.string(),
  longTerm: z.boolean(),
  /** It is this person's. */
  own: z.boolean(),
  /** It waits for this person's review. */
  waiting: z.boolean(),
  /** This person has already reviewed it. */
  reviewed: z.boolean(),
  /** The certificate on disk carries it. */
  assumed: z.boolean(),
});
export type AccessRequest = z.infer<typeof accessRequestSchema>;

/** The facts that the page of one request shows beyond the list. */
export const accessRequestDetailSchema = z.object({
  request: accessRequestSchema,
  /** Access lists that the server suggests for a promotion; empty for who may not review. */
  promotions: z.array(z.object({ name: z.string(), title: z.string() })),
  /** The rights that the roles would give, as far as this person may see them; null when the cluster does not say. */
  grants: z.array(z.object({ role: z.string(), logins: z.array(z.string()), description: z.string() })).nullable(),
  /** Why it cannot be reviewed or assumed now, as a sentence; empty when it can be, or there is nothing to do. */
  reviewBlocked: z.string(),
  assumeBlocked: z.string(),
});
export type AccessRequestDetail = z.infer<typeof accessRequestDetailSchema>;

export const requestScopes = ['all', 'waiting', 'mine', 'reviewed'] as const;

export const requestQuerySchema = z.object({
  cluster: clusterKeySchema,
  scope: z.enum(requestScopes).default('all'),
  /** Empty: all. */
  states: z.array(requestStateSchema).max(4).default([]),
  /** Words that all must occur in id, user, roles, resources or reason. */
  search: z.string().max(1000).default(''),
  sort: z.object({ field: z.enum(['created', 'state', 'user', 'expires']), descending: z.boolean() }).default({ field: 'created', descending: true }),
  offset: z.number().int().min(0).default(0),
  limit: z.number().int().min(1).max(1000).default(100),
});
export type RequestQuery = z.input<typeof requestQuerySchema>;

export const requestPageSchema = z.object({
  requests: z.array(accessRequestSchema),
  /** How many fit the query, over all pages. */
  total: z.number().int(),
  /** Revision of the list that this page was taken from; see the overview. */
  revision: z.number().int(),
});
export type RequestPage = z.infer<typeof requestPageSchema>;

/** A request that a person drafts: either roles, or resources with the roles to reach them by (empty: the server chooses). */
export const requestDraftSchema = z.object({
  roles: z.array(name).max(300).default([]),
  resources: z.array(resourceIdSchema).max(maxRequestedResources).default([]),
  /** At most 4096 bytes in UTF-8; longer ones are refused with a sentence. */
  reason: z.string().max(20_000).default(''),
  reviewers: z.array(name).max(300).default([]),
  /** By the server's clock; null: at once. */
  assumeStart: time.nullable().default(null),
  /** How long the access lasts, in milliseconds from its start; null: as long as the server allows. */
  duration: z.number().positive().nullable().default(null),
  /** How long the request waits for its reviewers, in milliseconds; null: the server's usual time. */
  requestTtl: z.number().positive().nullable().default(null),
  /** Length of sessions with the access, in milliseconds; null: the server's usual one. */
  sessionTtl: z.number().positive().nullable().default(null),
});
export type RequestDraft = z.input<typeof requestDraftSchema>;
export type FullRequestDraft = z.output<typeof requestDraftSchema>;

/** What the server would make of a draft. */
export const dryRunSchema = z.object({
  /** The roles it would carry: for resources those that reach them. */
  roles: z.array(z.string()),
  /** Suggested reviewers, to be preselected. */
  reviewers: z.array(z.string()),
  reasonRequired: z.boolean(),
  /** The administrator's prompts for the reason. */
  reasonPrompts: z.array(z.string()),
  /** The longest access the server grants, in milliseconds from its start; null when it does not say. */
  maxDuration: z.number().nullable(),
  /** End of the elevated access and of the request, absolute. */
  expires: time.nullable(),
  requestExpires: time.nullable(),
  sessionExpires: time.nullable(),
  thresholds: z.array(requestThresholdSchema),
});
export type DryRun = z.infer<typeof dryRunSchema>;

/** What this person may ask for. */
export const requestCapabilitiesSchema = z.object({
  roles: z.array(z.object({ name: z.string(), description: z.string() })),
  reviewers: z.array(z.string()),
  /** Roles that reach the resources that were named; empty without resources. */
  applicableRoles: z.array(z.string()),
  reasonRequired: z.boolean(),
  reasonPrompt: z.string(),
});
export type RequestCapabilities = z.infer<typeof requestCapabilitiesSchema>;

/** What is gathered for the next request; kept over restarts. */
export const requestBasketSchema = z.object({
  roles: z.array(name).max(300),
  resources: z.array(namedResourceSchema).max(maxRequestedResources),
});
export type RequestBasket = z.output<typeof requestBasketSchema>;

/** A change of a basket: adds or removes entries; `replace` empties it first. */
export const basketChangeSchema = z.object({
  cluster: clusterKeySchema,
  change: z.enum(['add', 'remove', 'replace']),
  roles: z.array(name).max(300).default([]),
  resources: z.array(namedResourceSchema).max(maxRequestedResources).default([]),
});
export type BasketChange = z.input<typeof basketChangeSchema>;

/** A request that the certificate on disk carries. */
export const assumedRequestSchema = z.object({
  id: z.string(),
  roles: z.array(z.string()),
  resources: z.array(namedResourceSchema),
  /** End of the access by the server's clock: of the request, or of the certificate where that is earlier. */
  expires: time.nullable(),
  /** False when the cluster does not know the request any more: only dropping it helps. */
  known: z.boolean(),
});
export type AssumedRequest = z.infer<typeof assumedRequestSchema>;

/** Where the access requests of one cluster login stand. */
export const requestsOverviewSchema = z.object({
  cluster: clusterKeySchema,
  /** What this cluster offers. `startTimes`: access may be asked for from a later time on. `explanation` is one line for what it does not; empty when it offers all. */
  features: z.object({ reviews: z.boolean(), resourceRequests: z.boolean(), startTimes: z.boolean(), explanation: z.string() }),
  /**
   * `live`: by events. `own`: one's own by events, those of others by reading the list every 30 seconds. `unwatched`: all by reading it every 30
   * seconds. `interrupted`: the event stream is down, the list is read every few seconds. `loading`: not yet read. `offline`: cannot be read.
   */
  connection: z.enum(['loading', 'live', 'own', 'unwatched', 'interrupted', 'offline']),
  problem: errorDataSchema.nullable(),
  /** Grows with every change of the list; a page of an older one is to be read again. */
  revision: z.number().int(),
  /** Milliseconds that the server's clock is ahead of this computer's. */
  clockOffset: z.number(),
  counts: z.object({
    total: z.number().int(),
    /** Wait for this person's review: the badge. */
    waiting: z.number().int(),
    /** Own ones: not decided, and approved but not assumed. */
    pending: z.number().int(),
    approved: z.number().int(),
    reviewed: z.number().int(),
  }),
  assumed: z.array(assumedRequestSchema),
  /** By `resourceIdText`: what this person asked for (`requested`) or was given and may assume or has assumed (`granted`). */
  resources: z.record(z.string(), z.object({ state: z.enum(['requested', 'granted']), request: z.string() })),
  basket: requestBasketSchema,
});
export type RequestsOverview = z.infer<typeof requestsOverviewSchema>;

export const noticeKinds = ['waiting', 'approved', 'denied', 'promoted', 'expiring'] as const;

/** Something to notify the person of. The OS shows it; a click opens the request. */
export const requestNoticeSchema = z.object({
  /** Grows with each notice while the app runs; a page shows those that come after its first look. */
  serial: z.number().int(),
  kind: z.enum(noticeKinds),
  cluster: clusterKeySchema,
  request: z.string(),
  title: z.string(),
  body: z.string(),
});
export type RequestNotice = z.infer<typeof requestNoticeSchema>;

/** Argument of the command `requests.open`, as JSON: from a notice (with `cluster`) or a deep link (with the proxy's `address`). */
export const openRequestSchema = z.object({ cluster: clusterKeySchema.nullable(), address: z.string().max(300), id: z.string().max(100) });
export type OpenRequest = z.infer<typeof openRequestSchema>;
