import { Button } from '@mantine/core';
import { IconTerminal2, IconTrash, IconWorld } from '@tabler/icons-react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { clusterOf, leafOf } from '../../../shared/model/local-port.ts';
import { clusterLabel } from '../../state/clusters.ts';
import { targetStanding } from '../../state/connections.ts';
import { useApp, useCluster, useClusters } from '../../state/context.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow } from '../../ui/use-now.ts';
import { closeConnection, removeConnection, reopen, runInTerminal } from '../../workbench/connection-actions.ts';
import { openLink } from '../../workbench/open-link.ts';
import { AddressSection } from './address-section.tsx';
import { CommandSection } from './command-section.tsx';
import { ConnectionProblem } from './connection-problem.tsx';
import { hindrance, stateText, typeText } from './connection-words.ts';
import classes from './gateways.module.css';
import { ForwardSection } from './sections/forward-section.tsx';
import { KubeSection } from './sections/kube-section.tsx';
import { McpSection } from './sections/mcp-section.tsx';
import { OpenInSection } from './sections/open-in-section.tsx';
import { TrafficSection } from './sections/traffic-section.tsx';
import { TargetIcon } from './target-icon.tsx';

/**
 * The page of one connection: a port of this computer that leads to a database, a Kubernetes cluster, an app or through a server. The session
 * host opens and keeps the port; this folder shows its state, starts and ends it, and says how to use it, one section for each way, in
 * `sections/`. A section that does not fit the connection's kind or state is not drawn.
 */
export function GatewayPage({ row }: { row: ConnectionRow }) {
  const key = clusterOf(row.target);
  const label = clusterLabel(key, useCluster(key));
  const standing = targetStanding(row, useClusters(), useNow(30_000));
  return (
    <div className={classes.page}>
      <div className={classes.column}>
        <header className={classes.header}>
          <TargetIcon row={row} size={26} />
          <div className={classes.titles}>
            <h1 className={classes.title}>
              <Untrusted text={row.title} most={200} wrap />
            </h1>
            <div className={classes.subtitle}>
              <span className={classes.state} data-state={hindrance(row, standing) ? 'hindered' : row.state} role="status">
                {stateText(row, standing)}
              </span>
              <span>{typeText(row)}</span>
              <Untrusted text={leafOf(row.target) || label} most={100} />
            </div>
          </div>
          <Actions row={row} />
        </header>
        <ConnectionProblem row={row} />
        {row.target.kind === 'forward' && <ForwardSection row={row} target={row.target} />}
        <AddressSection row={row} />
        {row.kube && <KubeSection row={row} kube={row.kube} />}
        {row.commands.length > 0 && <CommandSection row={row} />}
        {row.target.kind === 'app' && row.protocol === 'mcp' && row.url !== '' && <McpSection row={row} name={row.target.name} />}
        {row.openIn.length > 0 && <OpenInSection row={row} />}
        {row.notes.length > 0 && (
          <section className={classes.section} aria-label="Good to know">
            <h2>Good to know</h2>
            <ul className={classes.notes}>
              {row.notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </section>
        )}
        <TrafficSection row={row} />
      </div>
    </div>
  );
}

function Actions({ row }: { row: ConnectionRow }) {
  const app = useApp();
  const isOpen = row.state === 'open' || row.state === 'opening';
  return (
    <div className={classes.actions}>
      {isOpen && row.target.kind === 'app' && row.protocol === 'http' && row.url !== '' && (
        <Button leftSection={<IconWorld size={15} />} onClick={() => void openLink(app, row.url)}>
          Open in browser
        </Button>
      )}
      {isOpen && row.target.kind === 'kube' && (
        <Button leftSection={<IconTerminal2 size={15} />} onClick={() => runInTerminal(app, row, null)}>
          Open terminal
        </Button>
      )}
      {isOpen ? (
        <Button variant="default" onClick={() => void closeConnection(app, row)}>
          Close connection
        </Button>
      ) : (
        <>
          <Button onClick={() => void reopen(app, row)}>Open again</Button>
          <Button variant="default" leftSection={<IconTrash size={15} />} onClick={() => void removeConnection(app, row)}>
            Remove
          </Button>
        </>
      )}
    </div>
  );
}
