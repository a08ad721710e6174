import type { StampedEvent } from './events.ts';

export interface Codec {
  encode(event: StampedEvent): Uint8Array;
  /** Whether `bytes` are the method's answer: a message without fields, or with fields of a newer schema. */
  isAnswer(bytes: Uint8Array): boolean;
}

/** Loads the generated schema on first use, so that start-up does not pay for it. */
export async function loadCodec(): Promise<Codec> {
  const { prehog } = await import('../../proto/gen/teleport.js');
  const { SubmitConnectEventRequest, SubmitConnectEventResponse } = prehog.v1alpha;
  return {
    encode: ({ distinctId, time, event, fields }) =>
      SubmitConnectEventRequest.encode({ distinct_id: distinctId, timestamp: timestamp(time), [event]: withoutDefaults(fields) }).finish(),
    isAnswer(bytes) {
      try {
        SubmitConnectEventResponse.decode(bytes);
        return true;
      } catch {
        return false;
      }
    },
  };
}

const timestamp = (time: number) => {
  const seconds = Math.floor(time / 1000);
  return withoutDefaults({ seconds, nanos: Math.round((time - seconds * 1000) * 1e6) });
};

/** proto3 leaves defaults out; the generated encoder writes whatever it is given. */
const withoutDefaults = (fields: Record<string, string | boolean | number>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false && value !== 0));
