import {
  IconApps,
  IconBrandGit,
  IconDatabase,
  IconDeviceDesktop,
  IconPlugConnected,
  IconServer2,
  IconSteeringWheel,
  IconWorldWww,
} from '@tabler/icons-react';
import type { Resource, ResourceKind } from '../../../shared/model/resource.ts';

const kinds: Record<ResourceKind, { name: string; Icon: typeof IconApps }> = {
  node: { name: 'Server', Icon: IconServer2 },
  db: { name: 'Database', Icon: IconDatabase },
  kube_cluster: { name: 'Kubernetes', Icon: IconSteeringWheel },
  app: { name: 'App', Icon: IconWorldWww },
  mcp: { name: 'MCP server', Icon: IconPlugConnected },
  windows_desktop: { name: 'Windows desktop', Icon: IconDeviceDesktop },
  linux_desktop: { name: 'Linux desktop', Icon: IconDeviceDesktop },
  saml_idp_service_provider: { name: 'SAML app', Icon: IconApps },
  git_server: { name: 'Git server', Icon: IconBrandGit },
};

/** Kinds that are reached through a local connection or a link instead of a terminal. */
const targetKinds: readonly ResourceKind[] = ['db', 'kube_cluster', 'app', 'mcp', 'saml_idp_service_provider'];

export const isTarget = ({ kind, requiresRequest }: Pick<Resource, 'kind' | 'requiresRequest'>): boolean =>
  targetKinds.includes(kind) && !requiresRequest;

export const kindName = (kind: ResourceKind): string => kinds[kind].name;

export function KindIcon({ kind, size = 16 }: { kind: ResourceKind; size?: number }) {
  const { Icon } = kinds[kind];
  return <Icon size={size} stroke={1.6} aria-hidden style={{ flex: 'none' }} />;
}

/** The kinds as people filter them. Each kind of resource is in one group. */
export const kindGroups: readonly { name: string; kinds: readonly ResourceKind[] }[] = [
  { name: 'Servers', kinds: ['node', 'git_server'] },
  { name: 'Databases', kinds: ['db'] },
  { name: 'Kubernetes', kinds: ['kube_cluster'] },
  { name: 'Apps', kinds: ['app', 'mcp', 'saml_idp_service_provider'] },
  { name: 'Desktops', kinds: ['windows_desktop', 'linux_desktop'] },
];

/** The filter with a group added or taken away; all groups together are the same as none. */
export function toggleGroup(selected: readonly ResourceKind[], group: readonly ResourceKind[]): ResourceKind[] {
  const without = selected.filter((kind) => !group.includes(kind));
  const next = without.length < selected.length ? without : [...selected, ...group];
  return kindGroups.every((each) => each.kinds.every((kind) => next.includes(kind))) ? [] : next;
}
