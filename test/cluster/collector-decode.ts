import { prehog } from '../../proto/gen/teleport.js';

/** An event as the collector keeps it: the schema's own field names. */
export interface CollectedEvent {
  /** When it arrived, ISO 8601. */
  received: string;
  distinct_id: string;
  /** When it happened, ISO 8601. */
  timestamp: string;
  event: string;
  fields: Record<string, string | boolean>;
}

/** An answer other than 200, in the Connect protocol's terms. */
export class CollectorRefusal extends Error {
  readonly code: string;
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const Request = prehog.v1alpha.SubmitConnectEventRequest;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const hash = /^[A-Za-z0-9+/]{43}=$/;

export function decodeBinary(body: Buffer): CollectedEvent {
  let message: InstanceType<typeof Request>;
  try {
    message = Request.decode(body);
  } catch {
    throw invalid('the body is no SubmitConnectEventRequest');
  }
  const { timestamp } = message;
  const time = timestamp ? Number(timestamp.seconds ?? 0) * 1000 + Number(timestamp.nanos ?? 0) / 1e6 : Date.now();
  const { event } = message;
  const fields = event ? message[event] : null;
  return check(message.distinct_id ?? '', time, event, fields ? Request.toObject(message, { defaults: true })[event as string] : null);
}

/** proto3's JSON mapping: lowerCamelCase or the schema's own names, RFC 3339 times, no unknown names. */
export function decodeJson(body: Buffer): CollectedEvent {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid('the body is no JSON');
  }
  const { distinct_id = '', timestamp, ...events } = snakeKeys(parsed);
  const [event, ...more] = Object.keys(events);
  if (more.length > 0) throw invalid('more than one event, or an unknown field');
  if (typeof distinct_id !== 'string') throw invalid('distinct_id must be a string');
  const time = timestamp === undefined ? Date.now() : typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (!event) throw invalid('no event');
  const fields = snakeKeys(events[event]);
  const problem = Request.verify({ [event]: fields });
  const known = Object.keys(Request.toObject(Request.fromObject({ [event]: {} }), { defaults: true })[event] ?? {});
  if (problem || Object.keys(fields).some((name) => !known.includes(name))) throw invalid(problem ?? 'an unknown field');
  const whole = Request.toObject(Request.fromObject({ [event]: fields }), { defaults: true });
  return check(distinct_id, time, event, whole[event]);
}

function check(distinctId: string, time: number, event: string | undefined, fields: Record<string, string | boolean> | null): CollectedEvent {
  if (!uuid.test(distinctId)) throw invalid('distinct_id must be a UUID');
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) throw invalid('timestamp is out of range');
  if (!event || !fields) throw invalid('no event');
  for (const name of ['cluster_name', 'user_name']) {
    if (name in fields && !hash.test(String(fields[name]))) throw invalid(`${name} must be anonymised`);
  }
  return { received: new Date().toISOString(), distinct_id: distinctId, timestamp: new Date(time).toISOString(), event, fields };
}

function snakeKeys(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('an object was expected');
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), each]));
}

const invalid = (message: string) => new CollectorRefusal('invalid_argument', message);
