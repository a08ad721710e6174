import * as z from 'zod';
import { clusterKeySchema } from './cluster.ts';

/** The kinds of usage event, as the schema's oneof names them (docs/protocol/telemetry.md §1). */
export const usageEventNames = [
  'cluster_login',
  'protocol_use',
  'access_request_create',
  'access_request_review',
  'access_request_assume_role',
  'file_transfer_run',
  'user_job_role_update',
  'connect_my_computer_setup',
  'connect_my_computer_agent_start',
] as const;
export const usageEventNameSchema = z.enum(usageEventNames);
export type UsageEventName = z.infer<typeof usageEventNameSchema>;

/** Why an event was never sent. */
export const dropReasons = ['limit', 'switched-off', 'refused'] as const;

/** One event as it leaves: nothing is added to it and nothing is hidden from the page. */
export const recordedEventSchema = z.object({
  id: z.string().max(64),
  /** When it happened, milliseconds since the epoch. */
  time: z.number(),
  event: usageEventNameSchema,
  /** The installation id it carries; empty once that id was removed by switching off. */
  distinctId: z.string(),
  /** By the schema's field names. Cluster and user names are hashes. */
  fields: z.record(z.string(), z.union([z.string(), z.boolean()])),
  state: z.enum(['waiting', 'sent', 'dropped']),
  /** Set for `dropped` only. */
  reason: z.enum(dropReasons).nullable(),
  /** The collector's words for `refused`; empty otherwise. */
  detail: z.string(),
  /** When it was sent or dropped. */
  settled: z.number().nullable(),
});
export type RecordedEvent = z.infer<typeof recordedEventSchema>;

/** Where usage events stand. Only main changes it. */
export const telemetryStateSchema = z.object({
  consent: z.enum(['undecided', 'allowed', 'declined']),
  /** The question to put to the person now. */
  ask: z.enum(['consent', 'job-role']).nullable(),
  /** Address that events go to; empty when there is none, and events stay on this computer. */
  collector: z.string(),
  /** A sentence when that address cannot be used. */
  collectorProblem: z.string().nullable(),
  /** What an administrator's file fixed. */
  managed: z.object({ off: z.boolean(), collector: z.boolean() }),
  installationId: z.string().nullable(),
  waiting: z.number().int(),
  /** Events that the limit pushed out before they could be sent. */
  droppedByLimit: z.number().int(),
  /** A sentence about why the last sending failed; null when it did not. */
  problem: z.string().nullable(),
  /** How the names of each login look to the collector. */
  hashes: z.array(z.object({ cluster: clusterKeySchema, clusterHash: z.string(), userHash: z.string() })),
});
export type TelemetryState = z.infer<typeof telemetryStateSchema>;

/** Events by id. A record, not a list, so that a change is a small patch. */
export const recordedEventsSchema = z.record(z.string(), recordedEventSchema);
export type RecordedEvents = z.infer<typeof recordedEventsSchema>;

export const jobRoles = ['Software Engineer', 'Support Engineer', 'DevOps Engineer', 'Solutions Architect', 'System Administrator'] as const;
