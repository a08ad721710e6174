import { ActionIcon, TextInput } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconSettings2, IconTrash } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';
import { clusterOf, leafOf } from '../../../shared/model/local-port.ts';
import { clusterLabel } from '../../state/clusters.ts';
import { sortedConnections, targetStanding } from '../../state/connections.ts';
import { useApp, useClusters, useConnections } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Tip } from '../../ui/tip.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useNow } from '../../ui/use-now.ts';
import { sizeText } from '../../ui/words/size-text.ts';
import { closeConnection, removeConnection, reopen, showConnection } from '../../workbench/connection-actions.ts';
import { gatewayDocument } from '../../workbench/documents.ts';
import { hindrance, problemTitle, stateText, typeText } from './connection-words.ts';
import classes from './panel.module.css';
import { TargetIcon } from './target-icon.tsx';

/** Everything that is open or was: open ones first. The order stays while the list is looked at. */
export default function ConnectionPanel({ onClose }: { onClose(): void }) {
  const app = useApp();
  const rows = useConnections((state) => state.rows);
  const problem = useConnections((state) => state.problem);
  const clusters = useClusters();
  const [filter, setFilter] = useState('');
  const [order] = useState(() => sortedConnections(app.connections.getState()).map(({ id }) => id));
  const [at, setAt] = useState(0);
  const shown = useMemo(() => {
    const late = Object.keys(rows).filter((id) => !order.includes(id));
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (row: ConnectionRow) => `${row.title} ${typeText(row)} ${leafOf(row.target)} ${clusterOf(row.target)} ${row.address}`.toLowerCase();
    return [...late, ...order].flatMap((id) => rows[id] ?? []).filter((row) => words.every((word) => text(row).includes(word)));
  }, [rows, order, filter]);
  const current = Math.min(at, shown.length - 1);

  const open = (row: ConnectionRow) => {
    onClose();
    void showConnection(app, row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = shown[current];
    if (step !== undefined && shown.length > 0) setAt((current + step + shown.length) % shown.length);
    else if (event.key === 'Enter' && row && !event.nativeEvent.isComposing) open(row);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes.panel}>
      <TextInput
        autoFocus
        data-autofocus
        aria-label="Filter connections"
        placeholder="Filter connections"
        value={filter}
        maxLength={200}
        spellCheck={false}
        aria-controls="connection-list"
        aria-activedescendant={shown[current] ? `connection-${shown[current].id}` : undefined}
        onChange={(event) => {
          setAt(0);
          setFilter(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {displayText(problem, 500)}
        </p>
      )}
      {shown.length === 0 && (
        <p className={classes.empty}>
          {Object.keys(rows).length === 0
            ? 'Nothing was opened yet. Databases, Kubernetes clusters, apps and port forwards that you open stand here.'
            : 'No connection fits.'}
        </p>
      )}
      <ul id="connection-list" className={classes.list} aria-label="Connections">
        {shown.map((row, index) => (
          <Row
            key={row.id}
            row={row}
            selected={index === current}
            cluster={clusters.length > 1 ? nameOf(row, clusters) : ''}
            onOpen={() => open(row)}
            onClose={onClose}
            onHover={() => setAt(index)}
          />
        ))}
      </ul>
    </div>
  );
}

const nameOf = (row: ConnectionRow, clusters: ReturnType<typeof useClusters>) => {
  const key = clusterOf(row.target);
  return (
    leafOf(row.target) ||
    clusterLabel(
      key,
      clusters.find((cluster) => cluster.key === key),
    )
  );
};

interface RowProps {
  row: ConnectionRow;
  selected: boolean;
  cluster: string;
  onOpen(): void;
  onClose(): void;
  onHover(): void;
}

function Row({ row, selected, cluster, onOpen, onClose, onHover }: RowProps) {
  const app = useApp();
  const title = displayText(row.title, 100);
  const standing = targetStanding(row, useClusters(), useNow(30_000));
  const hindered = hindrance(row, standing);
  const isUp = row.state === 'open' || row.state === 'opening';
  const traffic = row.bytes.sent + row.bytes.received;
  const details = () => {
    onClose();
    app.workspace.getState().open(gatewayDocument(row));
  };
  return (
    <li id={`connection-${row.id}`} className={classes.row} data-selected={selected || undefined} onMouseMove={onHover}>
      <button type="button" className={classes.open} onClick={onOpen} aria-label={`Show ${title}`}>
        <span className={classes.dot} data-state={hindered ? 'hindered' : row.state} role="img" aria-label={stateText(row, standing)} />
        <TargetIcon row={row} />
        <span className={classes.words}>
          <Untrusted text={row.title} most={200} className={classes.title} />
          <span className={classes.facts}>
            <span>{typeText(row)}</span>
            {cluster !== '' && <Untrusted text={cluster} most={80} />}
            {row.address !== '' && <Untrusted text={row.address} most={80} mono />}
            {isUp && traffic > 0 && <span>{sizeText(traffic)}</span>}
            {isUp && row.clients > 0 && <span>{row.clients} in use</span>}
            {hindered !== '' ? (
              <span className={classes.warn}>{hindered}</span>
            ) : (
              row.error && <span className={classes.bad}>{problemTitle(row)}</span>
            )}
          </span>
        </span>
      </button>
      {row.target.kind === 'kube' && <RowAction label={`Details of ${title}`} Icon={IconSettings2} onClick={details} />}
      {row.target.kind !== 'ssh' && !isUp && <RowAction label={`Open ${title} again`} Icon={IconPlayerPlay} onClick={() => void reopen(app, row)} />}
      {row.target.kind !== 'ssh' && isUp && (
        <RowAction label={`Close ${title}`} Icon={IconPlayerStop} onClick={() => void closeConnection(app, row)} />
      )}
      {!isUp && <RowAction label={`Remove ${title}`} Icon={IconTrash} onClick={() => void removeConnection(app, row)} />}
    </li>
  );
}

function RowAction({ label, Icon, onClick }: { label: string; Icon: typeof IconTrash; onClick(): void }) {
  return (
    <Tip label={label}>
      <ActionIcon aria-label={label} size={24} onClick={onClick}>
        <Icon size={14} />
      </ActionIcon>
    </Tip>
  );
}
