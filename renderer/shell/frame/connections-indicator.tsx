import { Popover } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { targetStanding } from '../../state/connections.ts';
import { useApp, useClusters, useConnections } from '../../state/context.tsx';
import { useHeldKeys } from '../../ui/focus/held-keys.ts';
import { useNow } from '../../ui/use-now.ts';
import { keysLabel } from '../../workbench/keys.ts';
import classes from './status-bar.module.css';

const ConnectionPanel = lazy(() => import('../../features/gateways/connection-panel.tsx'));

/** How many local connections are open, and the list of them. */
export function ConnectionsIndicator() {
  const app = useApp();
  const listed = useConnections((state) => state.listed);
  const rows = useConnections((state) => state.rows);
  const clusters = useClusters();
  const now = useNow(30_000);
  const opened = Object.values(rows).filter(({ state }) => state === 'open');
  const open = opened.length;
  // An open terminal keeps running without its login, and its tab shows whether it lives, so it is not counted here.
  const idle = opened.filter((row) => row.target.kind !== 'ssh' && targetStanding(row, clusters, now) !== 'ready').length;
  const failed = useConnections(({ rows }) => Object.values(rows).some(({ state }) => state === 'failed'));
  useHeldKeys(listed);
  const show = (next: boolean) => app.connections.setState({ listed: next });
  const count = open === 0 ? 'No connections' : open === 1 ? '1 connection' : `${open} connections`;
  const text = idle === 0 ? count : idle === open ? `${count}, not usable now` : `${count}, ${idle} not usable now`;
  return (
    <Popover opened={listed} onChange={show} position="top-end" width={460} shadow="md" trapFocus withinPortal>
      <Popover.Target>
        <button
          type="button"
          className={failed || idle > 0 ? classes.linkWarn : classes.link}
          title={`Databases, Kubernetes, apps and ports (${keysLabel('connections', app.info.platform)})`}
          onClick={() => show(!listed)}
        >
          {open > 0 ? (
            <span className={classes.dot} data-status={idle > 0 ? 'unreachable' : 'ready'} aria-hidden />
          ) : (
            <IconPlugConnected size={13} aria-hidden />
          )}
          {text}
          {failed && ', one needs attention'}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Connections">
        <Suspense fallback={null}>
          <ConnectionPanel onClose={() => show(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
