import type { CollectedEvent } from './collector-decode.ts';

export interface EventCount {
  /** `2026-01-31`, of the time at which the event happened, UTC. */
  day: string;
  event: string;
  count: number;
}

/** How many of each kind on each day, in the order of days and names. */
export function countEvents(events: readonly CollectedEvent[]): EventCount[] {
  const counts = new Map<string, EventCount>();
  for (const { timestamp, event } of events) {
    const day = timestamp.slice(0, 10);
    const key = `${day} ${event}`;
    counts.set(key, { day, event, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.keys()].sort().map((key) => counts.get(key) as EventCount);
}

export function countTable(counts: readonly EventCount[]): string {
  const width = Math.max(5, ...counts.map(({ event }) => event.length));
  const line = (day: string, event: string, count: string) => `  ${day.padEnd(10)}  ${event.padEnd(width)}  ${count.padStart(6)}`;
  const rows = counts.map(({ day, event, count }) => line(day, event, `${count}`));
  return ['Usage events at the collector', line('day', 'event', 'count'), ...rows].join('\n');
}
