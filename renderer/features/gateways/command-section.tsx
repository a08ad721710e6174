import { Button } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { useApp } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Tip } from '../../ui/tip.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { runInTerminal } from '../../workbench/connection-actions.ts';
import { DatabaseQuestion, wantsDatabase } from './database-question.tsx';
import classes from './gateways.module.css';

/** Commands for this connection: to copy, or to run in a tab when the program is there. */
export function CommandSection({ row }: { row: ConnectionRow }) {
  const app = useApp();
  const open = row.state === 'open';
  const [asking, setAsking] = useState<number | null>(null);
  const run = (index: number) => (wantsDatabase(row) ? setAsking(index) : runInTerminal(app, row, index));
  return (
    <section className={classes.section} aria-label="In a terminal">
      <h2>In a terminal</h2>
      {row.commands.map((command, index) => {
        const reason = !command.installed
          ? command.advice
          : !command.runnable
            ? 'Complete it first: copy it into a terminal.'
            : !open
              ? 'Open the connection first.'
              : '';
        return (
          <div key={index} className={classes.commandBox}>
            <div className={classes.command}>
              <Untrusted text={command.text} most={2000} wrap mono />
              <CopyButton text={command.text} label={`Copy the ${command.program} command`} />
              {command.runnable && (
                <Tip label={reason} disabled={reason === ''}>
                  <Button
                    size="compact-sm"
                    variant={index === 0 ? 'filled' : 'default'}
                    leftSection={<IconTerminal2 size={14} />}
                    aria-label={`Run ${command.program} in a tab`}
                    data-disabled={reason !== '' || undefined}
                    aria-disabled={reason !== ''}
                    onClick={() => reason === '' && run(index)}
                  >
                    Run
                  </Button>
                </Tip>
              )}
            </div>
            {!command.installed && command.advice !== '' && <p className={classes.advice}>{command.advice}</p>}
          </div>
        );
      })}
      {asking !== null && (
        <DatabaseQuestion
          row={row}
          program={row.commands[asking]?.program ?? ''}
          onChosen={() => {
            setAsking(null);
            runInTerminal(app, row, asking);
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}
