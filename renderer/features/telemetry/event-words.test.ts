import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../../shared/model/telemetry.ts';
import { filterEvents, sentFields, standing } from './event-words.ts';

const event = (id: string, change: Partial<RecordedEvent> = {}): RecordedEvent => ({
  id,
  time: Number(id) * 1000,
  event: 'protocol_use',
  distinctId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10',
  fields: { cluster_name: 'abc=', user_name: 'def=', protocol: 'ssh', origin: 'search_bar', access_through: 'proxy_service' },
  state: 'sent',
  reason: null,
  detail: '',
  settled: 5,
  ...change,
});
const ids = (events: RecordedEvent[]) => events.map(({ id }) => id);

test('the newest come first', () =>
  expect(ids(filterEvents([event('1'), event('3'), event('2')], { words: '', state: 'all' }))).toEqual(['3', '2', '1']));

test('by state, and by every word, in any field', () => {
  const events = [
    event('1'),
    event('2', { state: 'waiting' }),
    event('3', { event: 'user_job_role_update', fields: { job_role: 'DevOps Engineer' } }),
  ];
  const by = (words: string, state: 'all' | 'sent' | 'waiting' = 'all') => ids(filterEvents(events, { words, state }));
  expect(by('', 'waiting')).toEqual(['2']);
  expect(by('SSH proxy')).toEqual(['2', '1']);
  expect(by('job role')).toEqual(['3']);
  expect(by('connection sent')).toEqual(['1']);
  expect(by('0a6a9a2e')).toEqual(['3', '2', '1']);
  expect(by('nothing like it')).toEqual([]);
});

test('the fields are the ones that leave, in the schema’s order', () => {
  expect(sentFields(event('1')).map(([name]) => name)).toEqual([
    'distinct_id',
    'timestamp',
    'cluster_name',
    'user_name',
    'protocol',
    'origin',
    'access_through',
  ]);
  expect(sentFields(event('1', { fields: { is_upload: false } })).at(-1)).toEqual(['is_upload', 'false']);
  expect(sentFields(event('1'))[1]).toEqual(['timestamp', '1970-01-01T00:00:01.000Z']);
});

test('every outcome has words', () => {
  expect(standing({ state: 'sent', reason: null, detail: '' }).word).toBe('Sent');
  expect(standing({ state: 'waiting', reason: null, detail: '' }).word).toBe('Waiting');
  expect(standing({ state: 'dropped', reason: 'refused', detail: 'it answered 400' }).sentence).toBe('The collector refused it: it answered 400.');
  for (const reason of ['limit', 'switched-off'] as const) expect(standing({ state: 'dropped', reason, detail: '' }).sentence).toMatch(/\w.*\.$/);
});
