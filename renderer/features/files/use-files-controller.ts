import { useEffect, useRef, useState } from 'react';
import type { SshTarget } from '../../../shared/model/document.ts';
import { useApp } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { useStable } from '../../ui/use-stable.ts';
import { FilesController, type FilesEvents } from './files-controller.ts';
import { useRefreshAfterTransfers } from './transfers/use-refresh-after-transfers.ts';
import { useFollowDisk } from './use-follow-disk.ts';

export interface FilesPlaces {
  readonly target: SshTarget;
  /** Folders to begin in; empty for the home folders. */
  readonly remotePath: string;
  readonly localPath: string;
}

interface Options extends FilesPlaces {
  /** Nothing is read before the view is drawn. */
  visible: boolean;
  /** The places that are shown now, to be kept with the tab. */
  onChange(places: FilesPlaces): void;
}

/** One controller for the life of the view. It opens the folders of the first places, and its panes follow what changes on both sides. */
export function useFilesController(
  { target, remotePath, localPath, visible, onChange }: Options,
  events: Omit<FilesEvents, 'target'>,
): FilesController {
  const app = useApp();
  const on = useStable({
    ...events,
    report: (change: Partial<FilesPlaces>) => onChange({ target, remotePath, localPath, ...change }),
  });
  const [controller] = useState(() => new FilesController(app, target, { ...on, target: (next) => on.report({ target: next }) }));
  useEffect(() => () => controller.dispose(), [controller]);

  const [first] = useState({ local: localPath, remote: remotePath });
  const isOpened = useRef(false);
  useEffect(() => {
    if (!visible || isOpened.current) return;
    isOpened.current = true;
    void controller.panes.local.open(first.local);
    void controller.panes.remote.open(first.remote);
  }, [visible, controller, first]);

  useEffect(() => {
    const { local, remote } = controller.panes;
    const stops = [
      local.subscribe((now, before) => now.path !== before.path && on.report({ localPath: now.path })),
      remote.subscribe((now, before) => now.path !== before.path && on.report({ remotePath: now.path })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [controller, on]);

  useClusterReturns(target.cluster, target.leaf, () => {
    const { status, asked } = controller.panes.remote.getState();
    if (status === 'failed') void controller.panes.remote.open(asked);
  });
  useRefreshAfterTransfers(controller);
  useFollowDisk(controller, visible);
  return controller;
}
