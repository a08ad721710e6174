import { useEffect } from 'react';
import { useCurrentCluster } from '../../state/context.tsx';

/** Keeps the window's title. */
export function useWindowTitle(): void {
  const cluster = useCurrentCluster();
  useEffect(() => {
    document.title = cluster ? `${cluster.name} – Slipway` : 'Slipway';
  }, [cluster]);
}
