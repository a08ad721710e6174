import { Autocomplete } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { tell } from '../../workbench/connection-actions.ts';
import { Field } from './field.tsx';
import { useDatabaseNames } from './use-database-names.ts';

/** The database's name inside of the server, for the command and the URL. Saved when left or with Enter. */
export function DatabaseField({ row, database }: { row: ConnectionRow; database: string }) {
  const app = useApp();
  const [typed, setTyped] = useState<string | null>(null);
  const names = useDatabaseNames(row);
  const commit = (name: string | null) => {
    if (name !== null && name.trim() !== database)
      void tell(
        app,
        'The database could not be changed',
        app.sessionHost().call('connections.change-database', { id: row.id, database: name.trim() }),
      );
    setTyped(null);
  };
  return (
    <Field name="Database" help="Used in the command and URL.">
      <Autocomplete
        aria-label="Database"
        size="sm"
        data={names}
        value={typed ?? database}
        placeholder="the user’s own"
        maxLength={256}
        w={240}
        spellCheck={false}
        onChange={setTyped}
        onOptionSubmit={commit}
        onBlur={() => commit(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(typed);
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    </Field>
  );
}
