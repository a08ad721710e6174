import { anonymize } from '../anonymize.ts';
import type { StampedEvent } from '../events.ts';

const key = 'e4f80f77-1b3c-4bb2-9d1e-0f6d0c7a2b51';
const distinctId = '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10';

/** An event that is ready to leave, with `number` as its id. */
export function exampleEvent(number: number, time = Date.parse('2026-01-01T00:00:00.250Z')): StampedEvent {
  const fields = {
    cluster_name: anonymize(key, 'teleport.example.com'),
    user_name: anonymize(key, 'alice@example.com'),
    protocol: 'ssh',
    origin: 'search_bar',
    access_through: 'proxy_service',
  };
  return { id: `${number}`, time, distinctId, event: 'protocol_use', fields };
}

export const exampleEvents = (count: number, from = 1): StampedEvent[] => Array.from({ length: count }, (_, index) => exampleEvent(from + index));
