import { Button } from '@mantine/core';
import type { ConnectionRow, ForwardTarget } from '../../../../shared/model/gateway.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { forwardText } from '../connection-words.ts';
import { Field } from '../field.tsx';
import classes from '../gateways.module.css';

/** Where a port forward leads, and the way to change it. */
export function ForwardSection({ row, target }: { row: ConnectionRow; target: ForwardTarget }) {
  const app = useApp();
  return (
    <section className={classes.section} aria-label="Forward">
      <h2>Forward</h2>
      <dl className={classes.fields}>
        <Field name="Way">{forwardText(row)}</Field>
        <Field name="Through">{displayText(`${target.server.login}@${target.server.hostname || target.server.node}`, 200)}</Field>
        <Field name="Started">{target.withTerminal ? 'By hand, and with each terminal on this server' : 'By hand'}</Field>
      </dl>
      <div className={classes.buttons}>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void app.dialogs.getState().ask({ kind: 'forward', server: target.server, connection: row.id })}
        >
          Change…
        </Button>
      </div>
    </section>
  );
}
