import { Drawer } from '@mantine/core';
import { useStore } from 'zustand';
import { clusterLabel } from '../../../state/clusters.ts';
import { useApp, useCluster, useRequestsOverview } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { useHeldKeys } from '../../../ui/focus/held-keys.ts';
import { AskForm } from './ask-form.tsx';

/** Where the basket of a cluster becomes a request. */
export default function AskDrawer() {
  const { requests } = useApp();
  const asking = useStore(requests, (state) => state.asking);
  const cluster = useCluster(asking);
  const overview = useRequestsOverview(asking);
  useHeldKeys(asking !== null);
  const close = () => requests.setState({ asking: null });
  if (asking === null) return null;
  return (
    <Drawer
      opened
      onClose={close}
      returnFocus={false}
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
