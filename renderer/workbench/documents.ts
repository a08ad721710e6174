import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Document, SshTarget } from '../../shared/model/document.ts';
import type { ConnectionRow } from '../../shared/model/gateway.ts';
import { clusterOf } from '../../shared/model/local-port.ts';
import type { AppState } from '../state/app-state.ts';
import { openDocuments } from '../state/tabs.ts';

type Of<K extends Document['kind']> = Extract<Document, { kind: K }>;

const newId = () => crypto.randomUUID();

export const resourcesDocument = (cluster: ClusterKey, leaf = ''): Of<'resources'> => ({
  id: newId(),
  kind: 'resources',
  cluster,
  leaf,
  search: '',
  kinds: [],
  labels: [],
  sort: { field: 'name', descending: false },
});

export const requestsDocument = (cluster: ClusterKey): Of<'requests'> => ({
  id: newId(),
  kind: 'requests',
  cluster,
  scope: 'all',
  states: [],
  search: '',
  sort: { field: 'created', descending: true },
  request: '',
});

export const sshDocument = (target: SshTarget, origin: Of<'ssh'>['origin']): Of<'ssh'> => ({ id: newId(), kind: 'ssh', target, origin });

/** A terminal on this computer; an empty `cwd` is the home folder. */
export const shellDocument = (cwd = ''): Of<'shell'> => ({ id: newId(), kind: 'shell', cwd });

type Row = Pick<ConnectionRow, 'id' | 'target' | 'title'>;

/** The page of a local connection; one tab for each. */
export const gatewayDocument = ({ id, target, title }: Row): Of<'gateway'> => ({
  id: `gateway-${id}`.slice(0, 100),
  kind: 'gateway',
  connection: id,
  cluster: clusterOf(target),
  title,
});

/** A terminal in the environment of a connection: with one of its commands running, or a shell when null. */
export const gatewayShellDocument = ({ id, target, title }: Row, command: number | null, origin: Of<'ssh'>['origin']): Of<'shell'> => ({
  ...shellDocument(),
  gateway: { connection: id, command, cluster: clusterOf(target), title, origin },
});

/** Files of this computer and of the server, from `remotePath`; empty for the home folder. */
export const filesDocument = (target: SshTarget, remotePath = ''): Of<'files'> => ({ id: newId(), kind: 'files', target, remotePath, localPath: '' });

/** Pages of the app itself: there is at most one tab of each, so their id is their kind. */
export const appDocument = (kind: 'settings' | 'telemetry' | 'diagnostics'): Document => ({ id: kind, kind });

/** Shows a resources tab of the cluster: the one that was open, else a new one. */
export function showResources(app: AppState, cluster: ClusterKey, leaf?: string): void {
  const { show, open } = app.workspace.getState();
  const present = openDocuments(app.workspace.getState()).find(
    (document) => document.kind === 'resources' && document.cluster === cluster && (leaf === undefined || document.leaf === leaf),
  );
  if (present) show(present.id);
  else open(resourcesDocument(cluster, leaf));
}

/**
 * Shows the cluster's access requests, in the open tab or a new one. `change` sets what is shown in it; filters never hide a
 * request that is to be shown.
 */
export function showRequests(app: AppState, cluster: ClusterKey, change: Partial<Pick<Of<'requests'>, 'scope' | 'request'>> = {}): void {
  const { show, update, open } = app.workspace.getState();
  const present = openDocuments(app.workspace.getState()).find((document) => document.kind === 'requests' && document.cluster === cluster);
  const unfiltered = Object.keys(change).length > 0 ? { search: '', states: [] } : {};
  if (present?.kind !== 'requests') return open({ ...requestsDocument(cluster), ...change });
  update({ ...present, ...unfiltered, ...change });
  show(present.id);
}

/** The same page again, for another pane. Pages of the app itself have no copy. */
export function duplicateOf(document: Document): Document | null {
  switch (document.kind) {
    case 'ssh':
      return { ...document, id: newId(), origin: 'connection_list' };
    case 'shell':
    case 'files':
    case 'resources':
    case 'requests':
      return { ...document, id: newId() };
    default:
      return null;
  }
}
