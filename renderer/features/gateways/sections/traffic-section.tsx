import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { byteText } from '../../../ui/byte-text.ts';
import { untilText } from '../../../ui/relative-time.ts';
import { useNow } from '../../../ui/use-now.ts';
import { clientsText } from '../connection-words.ts';
import { Field } from '../field.tsx';
import classes from '../gateways.module.css';

const timeOf = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What goes through the connection, live. */
export function TrafficSection({ row }: { row: ConnectionRow }) {
  const now = useNow(30_000);
  if (row.openedAt === null) return null;
  return (
    <section className={classes.section} aria-label="Traffic">
      <h2>Traffic</h2>
      <dl className={classes.fields}>
        <Field name="Sent">{byteText(row.bytes.sent)}</Field>
        <Field name="Received">{byteText(row.bytes.received)}</Field>
        <Field name="In use">{clientsText(row)}</Field>
        <Field name="Opened">{timeOf.format(row.openedAt)}</Field>
        {row.expires !== null && row.state === 'open' && (
          <Field name="Certificate" help="Renewed by itself while you are logged in.">
            Ends {untilText(row.expires, now)}
          </Field>
        )}
      </dl>
    </section>
  );
}
