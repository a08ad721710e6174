import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useCurrentCluster } from '../../state/context.tsx';

/** Keeps the window's title. In a browser it also has the progress of transfers, which Electron shows on the task bar. */
export function useWindowTitle(): void {
  const { transfers, info } = useApp();
  const cluster = useCurrentCluster();
  const percent = useStore(transfers, ({ totals: { progress } }) =>
    info.host === 'browser' && progress !== null ? `${Math.floor(progress * 100)} % – ` : '',
  );
  useEffect(() => {
    document.title = `${percent}${cluster ? `${cluster.name} – ` : ''}Slipway`;
  }, [cluster, percent]);
}
