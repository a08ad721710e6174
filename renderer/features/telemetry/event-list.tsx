import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useId, useRef } from 'react';
import type { RecordedEvent } from '../../../shared/model/telemetry.ts';
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

/** One row per event, drawn only where it is looked at; arrow keys walk, Esc closes the details. */
export function EventList({ events, selected, onSelect }: Props) {
  const id = useId();
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    getItemKey: (index) => events[index]?.id ?? index,
  });
  const at = events.findIndex((event) => event.id === selected);
  const items = virtualizer.getVirtualItems();
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 0) / rowHeight) - 1);
    const wanted = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: events.length - 1 }[event.key];
    if (event.key === 'Escape') onSelect(null);
    else if (wanted === undefined) return;
    else {
      const target = Math.max(0, Math.min(events.length - 1, wanted));
      virtualizer.scrollToIndex(target);
      onSelect(events[target]?.id ?? null);
    }
    event.preventDefault();
  };
  return (
    <div
      ref={scroll}
      className={classes.list}
      role="listbox"
      tabIndex={0}
      aria-label="Usage events"
      aria-activedescendant={items.some(({ index }) => index === at) ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, start, key }) => {
          const event = events[index];
          if (!event) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            <div
              key={key}
              tabIndex={-1}
              id={`${id}-${index}`}
              className={classes.row}
              role="option"
              aria-selected={index === at}
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
          );
        })}
      </div>
    </div>
  );
}
