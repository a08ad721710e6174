import { Autocomplete } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { tell } from '../../workbench/connection-actions.ts';
import { Field } from './field.tsx';

/** The database's name inside of the server, for the command and the URL. Saved when left or with Enter. */
export function DatabaseField({ row, database }: { row: ConnectionRow; database: string }) {
  const app = useApp();
  const [typed, setTyped] = useState<string | null>(null);
  const names = useDatabaseNames(row);
  const commit = (name: string | null) => {
    if (name !== null && name.trim() !== database)
      void tell(app, 'The database could not be changed', app.session().call('connections.change-database', { id: row.id, database: name.trim() }));
    setTyped(null);
  };
  return (
    <Field name="Database" help="Stands in the command and the URL.">
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

/** The names that the person's roles allow. None when they cannot be had: the field takes any. */
function useDatabaseNames({ target }: ConnectionRow): string[] {
  const { main } = useApp();
  const [names, setNames] = useState<string[]>([]);
  const { cluster, leaf, name } = target.kind === 'database' ? target : { cluster: '', leaf: '', name: '' };
  useEffect(() => {
    if (name === '') return;
    const controller = new AbortController();
    main
      .call('resources.database-options', { cluster, leaf, name }, { signal: controller.signal })
      .then(({ databases }) => setNames(databases.slice(0, 100).map((each) => displayText(each, 256))))
      .catch(() => {}); // the field takes any name
    return () => controller.abort();
  }, [main, cluster, leaf, name]);
  return names;
}
