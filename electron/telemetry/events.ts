import * as z from 'zod';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { UsageEventName } from '../../shared/model/telemetry.ts';
import { type Anonymized, anonymize, anonymizedSchema } from './anonymize.ts';

const word = z.string().max(200);
const names = { cluster_name: anonymizedSchema, user_name: anonymizedSchema };

/** The fields of each event as they leave, by the schema's names (docs/protocol/telemetry.md §1). Names can only be hashes. */
export const fieldSchemas = {
  cluster_login: z.strictObject({ ...names, connector_type: word, arch: word, os: word, os_version: word, app_version: word }),
  protocol_use: z.strictObject({ ...names, protocol: word, origin: word, access_through: word }),
  access_request_create: z.strictObject({ ...names, kind: z.enum(['role', 'resource']) }),
  access_request_review: z.strictObject(names),
  access_request_assume_role: z.strictObject(names),
  file_transfer_run: z.strictObject({ ...names, is_upload: z.boolean() }),
  user_job_role_update: z.strictObject({ job_role: word }),
  connect_my_computer_setup: z.strictObject({ ...names, success: z.boolean(), failed_step: word }),
  connect_my_computer_agent_start: z.strictObject(names),
} satisfies Record<UsageEventName, z.ZodType>;

type Fields = { [N in UsageEventName]: z.output<(typeof fieldSchemas)[N]> };

/** An event without a plain name in it: the only form that is stored and encoded. */
export type OutgoingEvent = { [N in UsageEventName]: { event: N; fields: Fields[N] } }[UsageEventName];

/** An event that has its place in the queue or in the history. */
export type StampedEvent = OutgoingEvent & {
  id: string;
  /** Milliseconds since the epoch. */
  time: number;
  distinctId: string;
};

interface OnCluster {
  cluster: ClusterKey;
}

/** What happened, in the terms of the place that reports it. */
export type UsageEvent =
  | (OnCluster & { event: 'cluster_login'; connector: 'local' | 'passwordless' | 'github' | 'saml' | 'oidc' })
  | (OnCluster & {
      event: 'protocol_use';
      protocol: 'ssh' | 'db' | 'kube' | 'app' | 'desktop';
      origin: string;
      through: 'proxy_service' | 'local_proxy';
    })
  /** `resources`: how many the request lists. A request with any counts as one for resources, whatever roles it names. */
  | (OnCluster & { event: 'access_request_create'; resources: number })
  | (OnCluster & { event: 'access_request_review' })
  | (OnCluster & { event: 'access_request_assume_role' })
  | (OnCluster & { event: 'file_transfer_run'; upload: boolean })
  | { event: 'user_job_role_update'; role: string }
  | (OnCluster & {
      event: 'connect_my_computer_setup';
      /** Empty on success. */
      failedStep: '' | 'downloading_agent' | 'verifying_agent' | 'setting_up_role' | 'generating_config_file' | 'joining_cluster';
    })
  | (OnCluster & { event: 'connect_my_computer_agent_start' });

/** The plain names behind an event, and the key that hides them. */
export interface ClusterFacts {
  /** The root cluster's own name. */
  name: string;
  user: string;
  authClusterId: string;
}

/** Facts about this computer that a login carries. */
export interface Environment {
  arch: string;
  os: string;
  osVersion: string;
  appVersion: string;
}

/** `event` with its names hashed. Throws `invalid-argument` when the cluster's id is no UUID. */
export function toOutgoing(event: UsageEvent, facts: ClusterFacts | null, environment: Environment): OutgoingEvent | null {
  if (event.event === 'user_job_role_update') return { event: event.event, fields: { job_role: short(event.role) } };
  if (!facts) return null;
  const hidden: { cluster_name: Anonymized; user_name: Anonymized } = {
    cluster_name: anonymize(facts.authClusterId, facts.name),
    user_name: anonymize(facts.authClusterId, facts.user),
  };
  switch (event.event) {
    case 'cluster_login':
      return {
        event: event.event,
        fields: {
          ...hidden,
          connector_type: event.connector,
          arch: short(environment.arch),
          os: short(environment.os),
          os_version: short(environment.osVersion),
          app_version: short(environment.appVersion),
        },
      };
    case 'protocol_use':
      return { event: event.event, fields: { ...hidden, protocol: event.protocol, origin: short(event.origin), access_through: event.through } };
    case 'access_request_create':
      return { event: event.event, fields: { ...hidden, kind: event.resources > 0 ? 'resource' : 'role' } };
    case 'file_transfer_run':
      return { event: event.event, fields: { ...hidden, is_upload: event.upload } };
    case 'connect_my_computer_setup':
      return { event: event.event, fields: { ...hidden, success: event.failedStep === '', failed_step: event.failedStep } };
    default:
      return { event: event.event, fields: hidden };
  }
}

const short = (text: string) => text.slice(0, 200);

const stampSchema = z.object({
  id: z.string().min(1).max(64),
  time: z.number().min(0).max(8.64e15),
  distinctId: z.string().max(64),
  event: z.string(),
  fields: z.unknown(),
});

/** Reads a stored event; null for anything else, such as an event with a plain name in it. */
export function readStamped(record: unknown): StampedEvent | null {
  const stamp = stampSchema.safeParse(record);
  if (!stamp.success || !Object.hasOwn(fieldSchemas, stamp.data.event)) return null;
  const fields = fieldSchemas[stamp.data.event as UsageEventName].safeParse(stamp.data.fields);
  return fields.success ? ({ ...stamp.data, fields: fields.data } as StampedEvent) : null;
}
