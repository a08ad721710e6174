import { Button, CloseButton } from '@mantine/core';
import { useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { RecordedEvent, TelemetryState } from '../../../shared/model/telemetry.ts';
import { useMain } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { exactTimeText } from '../../ui/words/time-text.ts';
import { eventTitles, sentFields, standing } from './event-words.ts';
import classes from './telemetry.module.css';

type Bytes = { hex: string } | { problem: string } | null;

/** One event: its result, its fields exactly as they are sent, and its bytes for those who want to see them. */
export function EventDetails({ event, hashes, onClose }: { event: RecordedEvent; hashes: TelemetryState['hashes']; onClose(): void }) {
  const main = useMain();
  const [bytes, setBytes] = useState<Bytes>(null);
  const showBytes = () =>
    main.call('telemetry.bytes', { id: event.id }).then(
      ({ hex }) =>
        setBytes(hex === null ? { problem: 'The bytes held the installation id, which was removed when usage events were switched off.' } : { hex }),
      (caught) => setBytes({ problem: AppError.from(caught).message }),
    );
  const yours = (value: string) =>
    hashes.some(({ userHash }) => userHash === value) ? 'your name' : hashes.some(({ clusterHash }) => clusterHash === value) ? 'your cluster' : null;
  return (
    <aside className={classes.details} aria-label="Event">
      <div className={classes.detailsHead}>
        <h2>{eventTitles[event.event]}</h2>
        <CloseButton size="sm" aria-label="Close details" onClick={onClose} />
      </div>
      <p className={classes.sentence} data-state={event.state}>
        <strong>{standing(event).word}.</strong> {standing(event).sentence}
        {event.settled !== null && ` ${exactTimeText(event.settled)}`}
      </p>
      <h3>Fields of {event.event}, as they leave</h3>
      <dl className={classes.fields}>
        {sentFields(event).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value === '' ? (name === 'distinct_id' ? '(removed)' : '(empty)') : value}</code>
              {yours(value) && <span className={classes.yours}>{yours(value)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <div className={classes.bytesHead}>
        <h3>Bytes</h3>
        {bytes && 'hex' in bytes && <CopyButton text={bytes.hex} label="Copy as hexadecimal" />}
      </div>
      {bytes === null ? (
        <Button size="xs" variant="default" onClick={() => void showBytes()}>
          Show bytes
        </Button>
      ) : 'hex' in bytes ? (
        <>
          <pre className={classes.bytes}>{bytes.hex.replace(/(..)/g, '$1 ').trim()}</pre>
          <p className={classes.note}>{bytes.hex.length / 2} bytes of protobuf: prehog.v1alpha.SubmitConnectEventRequest</p>
        </>
      ) : (
        <p className={classes.note}>{bytes.problem}</p>
      )}
    </aside>
  );
}
