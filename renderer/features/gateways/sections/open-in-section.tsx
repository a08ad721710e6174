import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { tell } from '../../../workbench/connection-actions.ts';
import classes from '../gateways.module.css';

/** Programs of this computer that can be started on the connection. */
export function OpenInSection({ row }: { row: ConnectionRow }) {
  const app = useApp();
  return (
    <section className={classes.section} aria-label="Open in">
      <h2>Open in</h2>
      <div className={classes.buttons}>
        {row.openIn.map(({ id, name }) => (
          <Button
            key={id}
            variant="default"
            rightSection={<IconExternalLink size={14} />}
            disabled={row.state !== 'open'}
            onClick={() =>
              void tell(
                app,
                `${displayText(name, 60)} could not be started`,
                app.sessionHost().call('connections.open-in', { id: row.id, program: id }),
              )
            }
          >
            {displayText(name, 60)}
          </Button>
        ))}
      </div>
    </section>
  );
}
