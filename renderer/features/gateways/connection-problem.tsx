import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { clusterOf } from '../../../shared/model/local-port.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { reopen } from '../../workbench/connection-actions.ts';
import { relogin } from '../../workbench/with-relogin.ts';
import { problemTitle } from './connection-words.ts';
import classes from './gateways.module.css';
import { suggestedPort } from './sections/ports.ts';

/** Why the connection is not open, or why a program could not use it: the server's words, and the way on. */
export function ConnectionProblem({ row }: { row: ConnectionRow }) {
  const app = useApp();
  const { error, state, wants } = row;
  if (!error && wants === null) return null;
  const suggestion = suggestedPort(error);
  const logIn = async () => {
    const key = await relogin(app, clusterOf(row.target), `to use ${displayText(row.title, 120)}`);
    if (key !== null && state === 'closed') await reopen(app, row);
  };
  return (
    <div className={classes.problem} role="alert" data-open={state === 'open' || undefined}>
      <IconAlertTriangle size={18} aria-hidden />
      <div className={classes.problemWords}>
        <strong>{error ? problemTitle(row) : 'A program waits for your login'}</strong>
        {error && <p>{displayText(error.message, 1000)}</p>}
        {error?.code === 'session-mfa' && (
          <p>
            This target asks for a security key at each new connection. Slipway cannot ask for one yet: use tsh or the cluster’s web page for it.
            Connections to other targets are not affected.
          </p>
        )}
      </div>
      <div className={classes.problemActions}>
        {(error?.code === 'expired' || wants === 'login') && (
          <Button size="xs" onClick={() => void logIn()}>
            Log in
          </Button>
        )}
        {suggestion !== null && state !== 'open' && (
          <Button size="xs" onClick={() => void reopen(app, row, suggestion)}>
            Use port {suggestion}
          </Button>
        )}
      </div>
    </div>
  );
}
