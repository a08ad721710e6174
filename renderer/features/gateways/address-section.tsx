import { Select } from '@mantine/core';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { tell } from '../../workbench/connection-actions.ts';
import { DatabaseField } from './database-field.tsx';
import { CopyField, Field } from './field.tsx';
import classes from './gateways.module.css';
import { PortField } from './sections/port-field.tsx';
import { targetPortChoices } from './sections/target-ports.ts';
import { TokenField } from './sections/token-field.tsx';

/** Where programs find the connection, and what of that can be changed. */
export function AddressSection({ row }: { row: ConnectionRow }) {
  const { target } = row;
  const isRemote = target.kind === 'forward' && target.forward.type === 'remote';
  return (
    <section className={classes.section} aria-label="Address">
      <h2>{isRemote ? 'On the server' : 'On this computer'}</h2>
      <dl className={classes.fields}>
        {row.address !== '' && <CopyField name="Address" text={row.address} />}
        {row.url !== '' && <CopyField name="URL" text={row.url} />}
        {!isRemote && <PortField row={row} />}
        {row.token !== null && <TokenField row={row} token={row.token} />}
        {row.database !== null && <DatabaseField row={row} database={row.database} />}
        {target.kind === 'app' && row.targetPorts.length > 0 && <TargetPort row={row} current={target.targetPort} />}
      </dl>
    </section>
  );
}

function TargetPort({ row, current }: { row: ConnectionRow; current: number | null }) {
  const app = useApp();
  const { choices, ranges } = targetPortChoices(row.targetPorts, current);
  const change = (targetPort: number) =>
    void tell(app, 'The port of the app could not be changed', app.sessionHost().call('connections.change-target-port', { id: row.id, targetPort }));
  return (
    <Field
      name="Port of the app"
      help={ranges === '' ? 'Open connections end when it changes.' : `Allowed: ${ranges}. Open connections end when it changes.`}
    >
      <Select
        aria-label="Port of the app"
        data={choices.map(String)}
        value={String(current ?? choices[0])}
        onChange={(chosen) => chosen !== null && change(Number(chosen))}
        w={130}
        searchable
      />
    </Field>
  );
}
