import { Drawer } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { clusterLabel } from '../../../state/clusters.ts';
import { useApp, useCluster, useRequestsOverview } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { AskForm } from './ask-form.tsx';

/** Where the basket of a cluster becomes a request. */
export default function AskDrawer() {
  const { requests } = useApp();
  const asking = useStore(requests, (state) => state.asking);
  const cluster = useCluster(asking);
  const overview = useRequestsOverview(asking);
  const before = useRef<Element | null>(null);
  const opened = asking !== null;
  useEffect(() => {
    if (!opened) return;
    before.current = document.activeElement;
    return () => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
    };
  }, [opened]);
  const close = () => requests.setState({ asking: null });
  if (asking === null) return null;
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={460}
      title={`Request access on ${displayText(clusterLabel(asking, cluster), 80)}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 100 }}
      overlayProps={{ backgroundOpacity: 0.2 }}
      styles={{ title: { fontWeight: 600 }, content: { background: 'var(--sw-dialog)' }, header: { background: 'var(--sw-dialog)' } }}
    >
      {overview && <AskForm key={asking} cluster={asking} overview={overview} onClose={close} />}
      {!overview && <p>Log in to this cluster to request access on it.</p>}
    </Drawer>
  );
}
