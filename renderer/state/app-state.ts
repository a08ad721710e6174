/*
 * The state of a window, in small zustand stores. Mirrors of topics (clusters, requests, settings, transfers, connections) are only
 * written by the subscriptions below; the workspace of tabs and panes is the page's own, and `workspace-sync.ts` saves it. Dialogs
 * and notices are queues that any feature can add to. Components get all of it through `AppProvider` and the hooks in
 * `context.tsx`.
 */
import { type ClustersStore, createClustersStore } from './clusters.ts';
import type { Connection } from './connection.ts';
import { type ConnectionsStore, createConnectionsStore } from './connections.ts';
import { createDialogsStore, type DialogsStore } from './dialogs.ts';
import { createNotificationsStore, type NotificationsStore } from './notifications.ts';
import { createRequestsStore, type RequestsStore } from './requests.ts';
import { subscribeSessionHost } from './session-host-topic.ts';
import { createSettingsStore, type SettingsStore } from './settings.ts';
import { createTabStatusesStore, type TabStatusesStore } from './tab-statuses.ts';
import { createTransfersStore, type TransfersStore } from './transfers.ts';
import { createWorkspaceStore, type WorkspaceStore } from './workspace.ts';
import { syncWorkspace } from './workspace-sync.ts';

/** Everything a window knows. One per window, given to components by `AppProvider`. */
export interface AppState extends Connection {
  readonly clusters: ClustersStore;
  readonly requests: RequestsStore;
  readonly settings: SettingsStore;
  readonly workspace: WorkspaceStore;
  readonly tabStatuses: TabStatusesStore;
  readonly transfers: TransfersStore;
  readonly connections: ConnectionsStore;
  readonly notifications: NotificationsStore;
  readonly dialogs: DialogsStore;
  /** Saves what is not saved yet. */
  flush(): void;
  dispose(): void;
}

export function createAppState(connection: Connection): AppState {
  const clusters = createClustersStore();
  const requests = createRequestsStore();
  const settings = createSettingsStore(connection.info.screenReader);
  const workspace = createWorkspaceStore();
  const transfers = createTransfersStore();
  const connections = createConnectionsStore();
  const notifications = createNotificationsStore();
  const { main } = connection;
  const unsubscribe = [
    main.subscribe('clusters', (list) => clusters.setState({ loaded: true, list })),
    main.subscribe('requests', (overviews) => requests.setState({ overviews })),
    main.subscribe('settings', (value) => settings.setState({ loaded: true, ...value })),
    main.subscribe('screen-reader', (screenReader) => settings.setState({ screenReader })),
    subscribeSessionHost(connection, 'transfers', (value) => transfers.setState(value)),
    subscribeSessionHost(connection, 'connections', (value) => connections.setState({ loaded: true, ...value })),
    subscribeSessionHost(connection, 'edits', (edits) => transfers.setState({ edits })),
  ];
  const sync = syncWorkspace(main, workspace, (caught) =>
    notifications.getState().notifyError('The open tabs could not be saved or restored', caught),
  );
  return {
    ...connection,
    clusters,
    requests,
    settings,
    workspace,
    notifications,
    transfers,
    connections,
    tabStatuses: createTabStatusesStore(),
    dialogs: createDialogsStore(),
    flush: sync.flush,
    dispose() {
      sync.stop();
      for (const stop of unsubscribe) stop();
    },
  };
}
