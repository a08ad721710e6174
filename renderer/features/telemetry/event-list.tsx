import { useRef } from 'react';
import type { RecordedEvent } from '../../../shared/model/telemetry.ts';
import { VirtualGrid } from '../../ui/list/virtual-grid.tsx';
import { exactTimeText } from '../../ui/words/time-text.ts';
import { eventTitles, standing } from './event-words.ts';
import classes from './telemetry.module.css';

const rowHeight = 34;

interface Props {
  /** In the order in which they are drawn. */
  events: readonly RecordedEvent[];
  selected: string | null;
  onSelect(id: string | null): void;
}

/** One row per event; Esc closes the details of the selected one. */
export function EventList({ events, selected, onSelect }: Props) {
  const scroll = useRef<HTMLDivElement>(null);
  const active = events.findIndex((event) => event.id === selected);
  return (
    <VirtualGrid
      gridRef={scroll}
      className={classes.list}
      role="listbox"
      aria-label="Usage events"
      rows={events.length}
      rowHeight={rowHeight}
      active={active}
      keyOf={(index) => events[index]?.id ?? index}
      onGo={(index) => onSelect(events[index]?.id ?? null)}
      onKey={({ key }) => {
        if (key === 'Escape') onSelect(null);
        return key === 'Escape';
      }}
    >
      {({ id, index, start }) => {
        const event = events[index];
        return (
          event && (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names its active row
            <div
              id={id}
              className={classes.row}
              role="option"
              aria-selected={index === active}
              aria-setsize={events.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)`, height: rowHeight }}
              onClick={() => onSelect(event.id)}
            >
              <time className={classes.time}>{exactTimeText(event.time)}</time>
              <span className={classes.title}>
                {eventTitles[event.event]} <code>{event.event}</code>
              </span>
              <span className={classes.state} data-state={event.state}>
                {standing(event).word}
              </span>
            </div>
          )
        );
      }}
    </VirtualGrid>
  );
}
