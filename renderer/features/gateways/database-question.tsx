import { Autocomplete, Button, Group } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { displayText } from '../../ui/display-text.ts';
import { tell } from '../../workbench/connection-actions.ts';
import { useDatabaseNames } from './use-database-names.ts';

/** Their clients take the user's name for the database's when none is given, and there seldom is such a one. */
const needName = ['postgres', 'cockroachdb'];

/** A program that is started now would ask for a database that nobody chose. */
export const wantsDatabase = ({ database, protocol }: Pick<ConnectionRow, 'database' | 'protocol'>): boolean =>
  database === '' && needName.includes(protocol);

interface Props {
  row: ConnectionRow;
  program: string;
  /** The database is chosen and kept with the connection. */
  onChosen(): void;
  onClose(): void;
}

/** Which database inside of the server? Asked before a program is run that needs one. */
export function DatabaseQuestion({ row, program, onChosen, onClose }: Props) {
  const app = useApp();
  const names = useDatabaseNames(row);
  const [typed, setTyped] = useState('');
  const database = typed.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (database === '') return;
    const change = app.sessionHost().call('connections.change-database', { id: row.id, database });
    if (await tell(app, 'The database could not be changed', change)) onChosen();
  };
  return (
    <Dialog onClose={onClose} title={`Which database of ${displayText(row.title, 80)}?`} size={420}>
      <form onSubmit={(event) => void submit(event)}>
        <Autocomplete
          label="Database"
          description="Its name inside the server. It is kept with this connection."
          data={names}
          value={typed}
          maxLength={256}
          spellCheck={false}
          data-autofocus
          onChange={setTyped}
        />
        <Group justify="flex-end" gap={8} mt="lg">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={database === ''}>
            Run {program}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
