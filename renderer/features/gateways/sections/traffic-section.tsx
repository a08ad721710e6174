import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { useNow } from '../../../ui/use-now.ts';
import { sizeText } from '../../../ui/words/size-text.ts';
import { momentText, untilText } from '../../../ui/words/time-text.ts';
import { clientsText } from '../connection-words.ts';
import { Field } from '../field.tsx';
import classes from '../gateways.module.css';

/** What goes through the connection, live. */
export function TrafficSection({ row }: { row: ConnectionRow }) {
  const now = useNow(30_000);
  if (row.openedAt === null) return null;
  return (
    <section className={classes.section} aria-label="Traffic">
      <h2>Traffic</h2>
      <dl className={classes.fields}>
        <Field name="Sent">{sizeText(row.bytes.sent)}</Field>
        <Field name="Received">{sizeText(row.bytes.received)}</Field>
        <Field name="In use">{clientsText(row)}</Field>
        <Field name="Opened">{momentText(row.openedAt, now)}</Field>
        {row.expires !== null && row.state === 'open' && (
          <Field name="Certificate" help="Renewed by itself while you are logged in.">
            Ends {untilText(row.expires, now)}
          </Field>
        )}
      </dl>
    </section>
  );
}
