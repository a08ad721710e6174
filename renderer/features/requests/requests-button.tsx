import { ActionIcon, Menu } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { clusterLabel } from '../../state/clusters.ts';
import { useApp, useClusters, useCurrentCluster, useRequestsOverview } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Tip } from '../../ui/tip.tsx';
import { useCommands } from '../../workbench/commands.ts';
import { showRequests } from '../../workbench/documents.ts';
import { keysLabel } from '../../workbench/keys.ts';
import classes from './bars.module.css';

const badge = (count: number) => (count > 99 ? '99+' : String(count));

/** In the title bar: how many requests wait for this person, on all clusters, and the ways to them. */
export function RequestsButton() {
  const app = useApp();
  const commands = useCommands();
  const current = useCurrentCluster();
  const overview = useRequestsOverview(current?.key ?? null);
  const overviews = useStore(app.requests, (state) => state.overviews);
  const clusters = useClusters();
  const waiting = Object.values(overviews).reduce((sum, { counts }) => sum + counts.waiting, 0);
  if (!current || Object.keys(overviews).length === 0) return null;
  const others = clusters.filter(({ key }) => key !== current.key && (overviews[key]?.counts.waiting ?? 0) > 0);
  const counts = overview?.counts;
  const label = waiting === 0 ? 'Access requests' : `Access requests: ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for your review`;
  const mine = [counts?.pending && `${counts.pending} pending`, counts?.approved && `${counts.approved} approved`].filter(Boolean).join(', ');
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Tip label={label}>
          <ActionIcon aria-label={label} className={classes.button}>
            <IconUserCheck size={17} />
            {waiting > 0 && (
              <span className={classes.badge} aria-hidden>
                {badge(waiting)}
              </span>
            )}
            {waiting === 0 && (counts?.approved ?? 0) > 0 && <span className={classes.dot} aria-hidden />}
          </ActionIcon>
        </Tip>
      </Menu.Target>
      <Menu.Dropdown>
        {overview?.features.reviews && (
          <Menu.Item
            rightSection={<Count count={overview.counts.waiting} loud />}
            onClick={() => showRequests(app, current.key, { scope: 'waiting' })}
          >
            Waiting for your review
          </Menu.Item>
        )}
        {overview && (
          <Menu.Item rightSection={<span className={classes.more}>{mine}</span>} onClick={() => showRequests(app, current.key, { scope: 'mine' })}>
            Your requests
          </Menu.Item>
        )}
        <Menu.Item rightSection={<Kbd keys={keysLabel('requests.open', app.info.platform)} />} onClick={() => commands.run('requests.open')}>
          All access requests
        </Menu.Item>
        <Menu.Item rightSection={<Kbd keys={keysLabel('requests.ask', app.info.platform)} />} onClick={() => commands.run('requests.ask')}>
          Request access…
        </Menu.Item>
        {overview && overview.assumed.length > 0 && <Menu.Item onClick={() => commands.run('requests.drop')}>Drop assumed access</Menu.Item>}
        {others.length > 0 && <Menu.Label>On other clusters</Menu.Label>}
        {others.map((cluster) => (
          <Menu.Item
            key={cluster.key}
            rightSection={<Count count={overviews[cluster.key]?.counts.waiting ?? 0} loud />}
            onClick={() => showRequests(app, cluster.key, { scope: 'waiting' })}
          >
            <bdi>{displayText(clusterLabel(cluster.key, cluster), 60)}</bdi>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Count({ count, loud = false }: { count: number; loud?: boolean }) {
  if (count === 0) return null;
  return (
    <span className={classes.count} data-loud={loud || undefined}>
      {count.toLocaleString()}
    </span>
  );
}
