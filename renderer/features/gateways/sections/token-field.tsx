import { Switch } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { useApp } from '../../../state/context.tsx';
import { tell } from '../../../workbench/connection-actions.ts';
import { Field } from '../field.tsx';

/** Whether only those who have the address with its token may use the app. */
export function TokenField({ row, token }: { row: ConnectionRow; token: boolean }) {
  const app = useApp();
  const [busy, setBusy] = useState(false);
  const change = async (wanted: boolean) => {
    setBusy(true);
    await tell(app, 'The token could not be changed', app.sessionHost().call('connections.change-token', { id: row.id, wanted }));
    setBusy(false);
  };
  return (
    <Field
      name="Token"
      help={
        token
          ? 'The URL carries it. Turning it off and on again makes a new one.'
          : 'Without one, each of your programs on this computer can use the app through this address.'
      }
    >
      <Switch label="Only with a token" checked={token} disabled={busy} onChange={(event) => void change(event.currentTarget.checked)} />
    </Field>
  );
}
