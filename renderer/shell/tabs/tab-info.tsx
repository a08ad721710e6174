import {
  IconFolders,
  IconLayoutList,
  IconPlugConnected,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconTerminal2,
  IconUserCheck,
} from '@tabler/icons-react';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import { clusterLabel } from '../../state/clusters.ts';
import type { TabStatus } from '../../state/tab-statuses.ts';

const pageTitles = { settings: 'Settings', telemetry: 'What Slipway sends', diagnostics: 'Diagnostics' } as const;

/** What the tab is called. Names in it come from servers. */
export function tabTitle(document: Document, clusters: readonly Cluster[], status?: TabStatus): string {
  switch (document.kind) {
    case 'resources':
      return (
        document.leaf ||
        clusterLabel(
          document.cluster,
          clusters.find(({ key }) => key === document.cluster),
        )
      );
    case 'requests':
      return 'Access requests';
    case 'ssh':
      return status?.title || `${document.target.login}@${document.target.hostname}`;
    case 'files':
      return `Files · ${document.target.login}@${document.target.hostname}`;
    case 'shell':
      return status?.title && !document.gateway ? status.title : (document.gateway?.title ?? 'Terminal');
    case 'gateway':
      return document.title;
    default:
      return pageTitles[document.kind];
  }
}

const icons = {
  resources: IconLayoutList,
  requests: IconUserCheck,
  ssh: IconTerminal2,
  shell: IconTerminal2,
  gateway: IconPlugConnected,
  files: IconFolders,
  settings: IconSettings,
  telemetry: IconShieldCheck,
  diagnostics: IconStethoscope,
};

export function TabIcon({ kind, size = 15 }: { kind: Document['kind']; size?: number }) {
  const Icon = icons[kind];
  return <Icon size={size} stroke={1.6} aria-hidden style={{ flex: 'none' }} />;
}
