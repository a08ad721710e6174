import { Loader, SegmentedControl, TextInput } from '@mantine/core';
import { IconInbox, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { MessageView } from '../../ui/message-view.tsx';
import { EventDetails } from './event-details.tsx';
import { EventList } from './event-list.tsx';
import { type EventFilter, filterEvents } from './event-words.ts';
import { OwnHashes } from './own-hashes.tsx';
import { PageActions } from './page-actions.tsx';
import { Standing } from './standing.tsx';
import classes from './telemetry.module.css';
import { useRecordedEvents, useTelemetry } from './use-telemetry.ts';

const states = [
  { value: 'all', label: 'All' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'sent', label: 'Sent' },
  { value: 'dropped', label: 'Dropped' },
] as const;

/** The tab "What Slipway sends": every usage event of this installation, as it leaves. */
export default function TelemetryDocument() {
  const state = useTelemetry();
  const events = useRecordedEvents();
  const [filter, setFilter] = useState<EventFilter>({ words: '', state: 'all' });
  const [selected, setSelected] = useState<string | null>(null);
  const all = useMemo(() => Object.values(events ?? {}), [events]);
  const shown = useMemo(() => filterEvents(all, filter), [all, filter]);
  if (!state || !events) return <Loader className={classes.loading} size="sm" aria-label="Loading" />;
  const chosen = selected === null ? undefined : events[selected];
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <div className={classes.headline}>
          <h1 className={classes.heading}>What Slipway sends</h1>
          <PageActions empty={all.length === 0} waiting={state.waiting} />
        </div>
        <Standing state={state} />
        <OwnHashes hashes={state.hashes} />
      </header>
      {all.length === 0 ? (
        <MessageView icon={<IconInbox size={22} />} title="No events" text={emptyText[state.consent]} />
      ) : (
        <>
          <div className={classes.toolbar}>
            <TextInput
              className={classes.search}
              aria-label="Filter events"
              placeholder="Filter"
              leftSection={<IconSearch size={14} aria-hidden />}
              value={filter.words}
              maxLength={200}
              onChange={(event) => setFilter({ ...filter, words: event.currentTarget.value })}
            />
            <SegmentedControl
              size="xs"
              aria-label="State"
              data={[...states]}
              value={filter.state}
              onChange={(state) => setFilter({ ...filter, state })}
            />
            <span className={classes.count} role="status">
              {shown.length === all.length ? `${all.length} events` : `${shown.length} of ${all.length} events`}
            </span>
          </div>
          <div className={classes.split} data-detailed={chosen !== undefined || undefined}>
            <EventList events={shown} selected={selected} onSelect={setSelected} />
            {chosen && <EventDetails key={chosen.id} event={chosen} hashes={state.hashes} onClose={() => setSelected(null)} />}
          </div>
        </>
      )}
    </div>
  );
}

const emptyText = {
  undecided: 'You have not decided about usage events yet, so nothing is recorded.',
  allowed: 'Usage events are on. The next login or connection makes the first one.',
  declined: 'Usage events are off. Nothing is recorded, and nothing is sent.',
};
