import type { proto, types } from '../../../proto/gen/teleport.js';
import type { Label, Resource } from '../../../shared/model/resource.ts';
import { cleanText } from '../connect/clean-text.ts';
import { appClass, appHost, launchUrl } from './apps.ts';
import { type ResourcePlace, tshCommand, webUrl } from './resource-links.ts';

type Facts = Omit<Resource, 'cluster' | 'logins' | 'requiresRequest' | 'tshCommand' | 'webUrl'> & { launchUrl?: string };
type DynamicLabels = Record<string, types.ICommandLabelV2> | null | undefined;

const maxText = 1000;
/** More labels or logins do not fit into a row's details, and a hostile server could send any number. */
const maxLabels = 200;
const maxLogins = 200;
const healthStates = ['healthy', 'unhealthy', 'unknown', 'mixed'] as const;
const hiddenLabel = /^teleport\.(internal|hidden)\//;

/** How the logins of a server's row are found. */
export interface LoginRules {
  /** Those in the person's certificate. */
  readonly certified: ReadonlySet<string>;
  /** Whether the auth server lists which of them it allows on a server. */
  readonly listed: boolean;
}

/** The rows of a page, in order. Resources of an unknown kind or without a name are left out and counted. */
export function readResources(
  items: readonly proto.IPaginatedResource[],
  place: ResourcePlace,
  rules: LoginRules | null = null,
): { resources: Resource[]; skipped: number } {
  const resources = items.flatMap((item) => readResource(unwrapped(item), place, rules) ?? []);
  return { resources, skipped: items.length - resources.length };
}

/** Null for a resource without a name, or of a kind that Slipway does not know. Facts: login-and-auth §7.4. */
export function readResource(item: proto.IPaginatedResource, place: ResourcePlace, rules: LoginRules | null = null): Resource | null {
  const found = factsOf(item, place);
  if (!found || found.id === '') return null;
  const { launchUrl: launch, ...facts } = found;
  const logins = loginsOf(item, rules)
    .filter((login) => !login.startsWith('-teleport-'))
    .slice(0, maxLogins)
    .map((login) => cleanText(login, 256));
  const resource = { ...facts, logins };
  return {
    ...resource,
    cluster: place.cluster,
    requiresRequest: item.RequiresRequest ?? false,
    tshCommand: tshCommand(resource, place),
    webUrl: launch ?? webUrl(resource, place),
  };
}

/** A resource that can only be requested keeps the logins that it would come with. */
function loginsOf({ Node, Logins, RequiresRequest }: proto.IPaginatedResource, rules: LoginRules | null): readonly string[] {
  const logins = Logins ?? [];
  if (!Node || RequiresRequest || !rules) return logins;
  return rules.listed ? logins.filter((login) => rules.certified.has(login)) : [...rules.certified];
}

/** Servers up to 15 put SAML providers, and may put apps, a level deeper (docs/protocol/versions.md §4). */
export function unwrapped(item: proto.IPaginatedResource): proto.IPaginatedResource {
  const { AppServerOrSAMLIdPServiceProvider: inner, ...outer } = item;
  return inner ? { ...outer, AppServer: inner.AppServer ?? null, SAMLIdPServiceProvider: inner.SAMLIdPServiceProvider ?? null } : item;
}

function factsOf(item: proto.IPaginatedResource, place: ResourcePlace): Facts | null {
  if (item.Node) return nodeFacts(item.Node);
  if (item.DatabaseServer) return databaseFacts(item.DatabaseServer);
  if (item.KubernetesServer) return kubernetesFacts(item.KubernetesServer.Spec?.Cluster, item.KubernetesServer.status?.target_health);
  if (item.KubeCluster) return kubernetesFacts(item.KubeCluster, null);
  if (item.AppServer) return appFacts(item.AppServer, place);
  if (item.WindowsDesktop) {
    const { Header, Spec } = item.WindowsDesktop;
    return { ...common(Header?.Metadata), kind: 'windows_desktop', address: cleanText(Spec?.Addr, maxText), subKind: Spec?.NonAD ? 'local' : 'ad' };
  }
  if (item.linux_desktop) {
    const { metadata, addr, hostname } = item.linux_desktop;
    const facts = common(metadata);
    return { ...facts, kind: 'linux_desktop', name: cleanText(hostname, maxText) || facts.name, address: cleanText(addr, maxText) };
  }
  if (item.SAMLIdPServiceProvider) {
    const { Header, Spec } = item.SAMLIdPServiceProvider;
    return {
      ...common(Header?.Metadata),
      kind: 'saml_idp_service_provider',
      address: cleanText(Spec?.EntityID, maxText),
      subKind: cleanText(Spec?.Preset, 100),
    };
  }
  if (item.git_server) {
    const { Metadata, Spec, SubKind } = item.git_server;
    const facts = common(Metadata);
    const organization = cleanText(Spec?.git_hub?.organization, maxText);
    return {
      ...facts,
      kind: 'git_server',
      name: organization || cleanText(Spec?.Hostname, maxText) || facts.name,
      address: cleanText(Spec?.Addr, maxText),
      subKind: cleanText(SubKind, 100),
    };
  }
  return null;
}

function nodeFacts({ Metadata, Spec, SubKind }: types.IServerV2): Facts {
  const facts = common(Metadata, Spec?.CmdLabels);
  // A node that dials in by reverse tunnel has no address of its own.
  const address = cleanText(Spec?.Addr, maxText);
  return {
    ...facts,
    kind: 'node',
    name: cleanText(Spec?.Hostname, maxText) || facts.name,
    address,
    subKind: SubKind === 'teleport' ? '' : cleanText(SubKind, 100),
  };
}

function databaseFacts(server: types.IDatabaseServerV3): Facts | null {
  const database = server.Spec?.Database;
  if (!database) return null;
  return {
    ...common(database.Metadata, database.Spec?.DynamicLabels),
    kind: 'db',
    address: cleanText(database.Spec?.URI, maxText),
    subKind: cleanText(database.Spec?.Protocol, 100),
    health: healthOf(server.Status?.TargetHealth),
  };
}

function kubernetesFacts(cluster: types.IKubernetesClusterV3 | null | undefined, health: types.ITargetHealth | null | undefined): Facts | null {
  if (!cluster) return null;
  return { ...common(cluster.Metadata, cluster.Spec?.DynamicLabels), kind: 'kube_cluster', health: healthOf(health) };
}

function appFacts(server: types.IAppServerV3, place: ResourcePlace): Facts | null {
  const app = server.Spec?.App;
  if (!app) return null;
  const facts = common(app.Metadata, app.Spec?.DynamicLabels);
  const uri = cleanText(app.Spec?.URI, maxText);
  const isIdentityCenter = (app.Spec?.IdentityCenter?.PermissionSets ?? []).length > 0;
  const subKind = appClass({ uri, cloud: app.Spec?.Cloud ?? '', isIdentityCenter });
  const publicAddress = cleanText(app.Spec?.PublicAddr, maxText);
  const addressed = { name: facts.id, publicAddress, usesProxyAddress: app.Spec?.UseAnyProxyPublicAddr ?? false };
  const labels = app.Metadata?.Labels ?? {};
  const okta = labels['teleport.dev/origin'] === 'okta' ? cleanText(labels['teleport.internal/okta-app-name'] || facts.description, maxText) : '';
  return {
    ...facts,
    kind: subKind === 'mcp' ? 'mcp' : 'app',
    name: okta || facts.name,
    address: subKind === 'http' ? `https://${appHost(addressed, place)}` : uri,
    subKind,
    ...(subKind === 'http' ? { launchUrl: launchUrl(addressed, place) } : {}),
  };
}

function common(metadata: types.IMetadata | null | undefined, dynamic?: DynamicLabels): Omit<Facts, 'kind'> {
  const id = cleanText(metadata?.Name, 1024);
  return {
    id,
    name: cleanText(id, maxText),
    description: cleanText(metadata?.Description, maxText),
    labels: labelsOf(metadata?.Labels, dynamic),
    address: '',
    subKind: '',
    health: '',
  };
}

function labelsOf(fixed: Record<string, string> | null | undefined, dynamic: DynamicLabels): Label[] {
  const all = [...Object.entries(fixed ?? {}), ...Object.entries(dynamic ?? {}).map(([name, label]) => [name, label.Result ?? ''] as const)];
  return all
    .filter(([name]) => !hiddenLabel.test(name))
    .slice(0, maxLabels)
    .map(([name, value]) => ({ name: cleanText(name, maxText), value: cleanText(value, maxText) }))
    .sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0));
}

function healthOf(health: types.ITargetHealth | null | undefined): Resource['health'] {
  return healthStates.find((state) => state === health?.Status) ?? '';
}
