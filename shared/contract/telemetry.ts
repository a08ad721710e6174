import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { clusterKeySchema } from '../model/cluster.ts';
import { connectionOriginSchema } from '../model/gateway.ts';
import { recordedEventsSchema, telemetryStateSchema } from '../model/telemetry.ts';

/** Usage events and the consent to them. */
export const telemetryCalls = {
  /** The person's answer. `later` decides nothing: the question is put away until the next start. */
  'telemetry.decide': call(z.object({ answer: z.enum(['allow', 'decline', 'later']) }), nothing),
  /** `role: null` is a skip, remembered like an answer. */
  'telemetry.job-role': call(z.object({ role: z.string().trim().min(1).max(100).nullable() }), nothing),
  /** An app was opened in the browser by its link. */
  'telemetry.app-opened': call(z.object({ cluster: clusterKeySchema, origin: connectionOriginSchema }), nothing),
  /** The encoded event in hexadecimal; null when its installation id is gone. */
  'telemetry.bytes': call(z.object({ id: z.string().max(64) }), z.object({ hex: z.string().nullable() })),
  /** Everything the page shows, as the text of a JSON file. */
  'telemetry.export': call(nothing, z.object({ json: z.string() })),
  /** Waiting events are dropped unsent, and the history is erased. */
  'telemetry.delete-all': call(nothing, nothing),
};

export const telemetryTopics = {
  telemetry: topic(telemetryStateSchema),
  /** Every event of this installation, by id: waiting ones and as many settled ones as are kept. */
  'telemetry-events': topic(recordedEventsSchema),
};
