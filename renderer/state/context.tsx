import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { MainContract } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { RequestsOverview } from '../../shared/model/access-request.ts';
import type { Cluster, ClusterKey } from '../../shared/model/cluster.ts';
import type { AppState } from './app-state.ts';
import { findCluster } from './clusters.ts';
import type { ConnectionsState } from './connections.ts';
import type { DialogsState } from './dialogs.ts';
import type { NotificationsState } from './notifications.ts';
import type { TabStatusesState } from './tab-statuses.ts';
import { documentInFront } from './tabs.ts';
import { documentCluster, type WorkspaceState } from './workspace.ts';

const AppContext = createContext<AppState | null>(null);

export function AppProvider({ app, children }: { app: AppState; children: ReactNode }) {
  return <AppContext value={app}>{children}</AppContext>;
}

/** The window's state and connections. */
export function useApp(): AppState {
  const app = useContext(AppContext);
  if (!app) throw new Error('useApp outside of AppProvider');
  return app;
}

export const useMain = (): Client<MainContract> => useApp().main;

export const useClusters = (): readonly Cluster[] => useStore(useApp().clusters, ({ list }) => list);

export const useCluster = (key: ClusterKey | null): Cluster | undefined => useStore(useApp().clusters, (state) => findCluster(state, key));

/** The access requests of one cluster login; undefined until main has sent them, and while there is no login. */
export const useRequestsOverview = (key: ClusterKey | null): RequestsOverview | undefined =>
  useStore(useApp().requests, ({ overviews }) => (key === null ? undefined : overviews[key]));

export const useWorkspace = <T,>(select: (state: WorkspaceState) => T): T => useStore(useApp().workspace, select);

export const useTabStatuses = <T,>(select: (state: TabStatusesState) => T): T => useStore(useApp().tabStatuses, select);

export const useConnections = <T,>(select: (state: ConnectionsState) => T): T => useStore(useApp().connections, select);

export const useNotifications = <T,>(select: (state: NotificationsState) => T): T => useStore(useApp().notifications, select);

export const useDialogs = <T,>(select: (state: DialogsState) => T): T => useStore(useApp().dialogs, select);

/** The cluster that commands act on: the one of the document in front, else the one last shown, else the first with a login. */
export function useCurrentCluster(): Cluster | undefined {
  const ofTab = useWorkspace((state) => documentCluster(documentInFront(state)));
  const last = useWorkspace(({ lastCluster }) => lastCluster);
  const list = useClusters();
  return (
    list.find(({ key }) => key === ofTab) ?? list.find(({ key }) => key === last) ?? list.find(({ status }) => status === 'signed-in') ?? list[0]
  );
}
