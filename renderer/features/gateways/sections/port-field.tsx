import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { AppError, type ErrorData } from '../../../../shared/errors/app-error.ts';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { reopen } from '../../../workbench/connection-actions.ts';
import { Field } from '../field.tsx';
import { parsePort, suggestedPort } from './ports.ts';

/** The local port: remembered, and moved by typing another one. A closed connection opens on it. */
export function PortField({ row }: { row: ConnectionRow }) {
  const app = useApp();
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<ErrorData | null>(null);
  const [busy, setBusy] = useState(false);
  const port = typed === null ? row.port : parsePort(typed);
  const invalid = typed !== null && typed.trim() !== '' && port === null;
  const changed = typed !== null && port !== row.port;
  const suggestion = suggestedPort(error);

  const move = async (to: number) => {
    setBusy(true);
    setError(null);
    try {
      if (row.state === 'open') await app.sessionHost().call('connections.change-port', { id: row.id, port: to });
      else await reopen(app, row, to);
      setTyped(null);
    } catch (caught) {
      setError(AppError.from(caught).toData());
    } finally {
      setBusy(false);
    }
  };
  const commit = () => changed && port !== null && !busy && void move(port);
  return (
    <Field
      name="Port"
      help={
        changed && row.clients > 0 ? 'Connections that are open now end when the port changes.' : 'Kept for this connection, also after a restart.'
      }
    >
      <TextInput
        aria-label="Port"
        value={typed ?? (row.port === null ? '' : String(row.port))}
        placeholder="any free port"
        inputMode="numeric"
        maxLength={5}
        w={130}
        error={invalid ? 'A number from 1 to 65535' : error && suggestion === null ? displayText(error.message, 300) : undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setError(null);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
      {changed && (
        <Button size="compact-sm" disabled={port === null} loading={busy} onClick={commit}>
          {row.state === 'open' ? 'Change' : 'Open here'}
        </Button>
      )}
      {error && suggestion !== null && (
        <span role="alert">
          {displayText(error.message, 200)}{' '}
          <Button size="compact-sm" variant="default" onClick={() => void move(suggestion)}>
            Use {suggestion}
          </Button>
        </span>
      )}
    </Field>
  );
}
