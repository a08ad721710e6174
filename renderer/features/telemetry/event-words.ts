import type { RecordedEvent, UsageEventName } from '../../../shared/model/telemetry.ts';

export const eventTitles: Record<UsageEventName, string> = {
  cluster_login: 'Logged in',
  protocol_use: 'Opened a connection',
  access_request_create: 'Made an access request',
  access_request_review: 'Reviewed an access request',
  access_request_assume_role: 'Assumed requested access',
  file_transfer_run: 'Moved files',
  user_job_role_update: 'Told a job role',
  connect_my_computer_setup: 'Set up this computer',
  connect_my_computer_agent_start: 'Started this computer’s agent',
};

const reasons: Record<NonNullable<RecordedEvent['reason']>, string> = {
  limit: 'Newer events took its place: at most 1,000 wait',
  'switched-off': 'Usage events were switched off before it was sent',
  refused: 'The collector refused it',
};

/** The result of an event, as a word and as a sentence. */
export function standing({ state, reason, detail }: Pick<RecordedEvent, 'state' | 'reason' | 'detail'>): { word: string; sentence: string } {
  if (state === 'sent') return { word: 'Sent', sentence: 'The collector took it.' };
  if (state === 'waiting') return { word: 'Waiting', sentence: 'It leaves with the next batch, and can still be deleted.' };
  return { word: 'Dropped', sentence: `${reason ? reasons[reason] : 'It was never sent'}${detail ? `: ${detail}` : ''}.` };
}

export interface EventFilter {
  words: string;
  state: RecordedEvent['state'] | 'all';
}

/** Newest first, only events that contain every word in their kind, fields, id or state. */
export function filterEvents(events: Iterable<RecordedEvent>, { words, state }: EventFilter): RecordedEvent[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return [...events]
    .filter((event) => state === 'all' || event.state === state)
    .filter((event) => {
      if (wanted.length === 0) return true;
      const text = [event.event, eventTitles[event.event], standing(event).word, event.distinctId, ...Object.values(event.fields)]
        .join(' ')
        .toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => b.time - a.time);
}

/** The fields exactly as they leave, in the schema's names and order. */
export function sentFields({ distinctId, time, fields }: Pick<RecordedEvent, 'distinctId' | 'time' | 'fields'>): [string, string][] {
  const own = Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]);
  return [['distinct_id', distinctId], ['timestamp', new Date(time).toISOString()], ...own];
}
