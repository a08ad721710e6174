import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { Document, SshTarget } from '../../shared/model/document.ts';

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

export const sshDocument = (target: SshTarget, origin: Of<'ssh'>['origin']): Of<'ssh'> => ({ id: newId(), kind: 'ssh', target, origin });

/** A terminal on this computer; an empty `cwd` is the home folder. */
export const shellDocument = (cwd = ''): Of<'shell'> => ({ id: newId(), kind: 'shell', cwd });

/** Pages of the app itself: there is at most one tab of each, so their id is their kind. */
export const appDocument = (kind: 'settings' | 'telemetry' | 'diagnostics'): Document => ({ id: kind, kind });
