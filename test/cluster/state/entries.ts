import type { Entry } from './inventory.ts';

type Labels = Readonly<Record<string, string>>;
const version = 'v3';

function metadata(name: string, labels: Labels, description = '') {
  return { Name: name, Namespace: 'default', Labels: labels, ...(description ? { Description: description } : {}) };
}

export interface NodeParts {
  readonly uuid: string;
  readonly hostname: string;
  readonly labels: Labels;
  readonly subKind?: 'teleport' | 'openssh';
  readonly address?: { host: string; port: number };
  readonly listed?: string;
}

export function nodeEntry(node: NodeParts, serverVersion: string): Entry {
  const subKind = node.subKind ?? 'teleport';
  const shown = node.listed ?? (node.address ? `${node.address.host}:${node.address.port}` : '10.0.0.1:22');
  return {
    kind: 'node',
    id: node.uuid,
    name: node.hostname,
    labels: node.labels,
    mcp: false,
    subKind,
    address: node.address ?? null,
    key: `${node.hostname.toLowerCase()}/${node.uuid}/node`,
    searchText: searchText(node.hostname, node.uuid, node.labels, shown),
    message: {
      Node: {
        Kind: 'node',
        ...(subKind === 'openssh' ? { SubKind: subKind } : {}),
        Version: 'v2',
        Metadata: metadata(node.uuid, node.labels),
        Spec: { Addr: shown, Hostname: node.hostname, ...(subKind === 'openssh' ? {} : { Version: serverVersion }) },
      },
    },
  };
}

export function databaseEntry(
  name: string,
  labels: Labels,
  protocol: string,
  uri: string,
  host: string,
  description = '',
  health = 'healthy',
): Entry {
  return entry('db', name, labels, protocol, [protocol, uri, description], {
    DatabaseServer: {
      Kind: 'db_server',
      Version: version,
      Metadata: metadata(name, {}),
      Spec: {
        Version: '19.0.0',
        Hostname: host,
        HostID: '00000000-0000-4000-8000-000000000001',
        Database: { Kind: 'db', Version: version, Metadata: metadata(name, labels, description), Spec: { Protocol: protocol, URI: uri } },
      },
      Status: { TargetHealth: { Status: health } },
    },
  });
}

export function appEntry(name: string, labels: Labels, uri: string, publicAddr: string, host: string, description = ''): Entry {
  const mcp = uri.startsWith('mcp+');
  return entry('app', name, labels, mcp ? 'mcp' : '', [publicAddr, description], {
    AppServer: {
      Kind: 'app_server',
      Version: version,
      Metadata: metadata(name, {}),
      Spec: {
        Version: '19.0.0',
        Hostname: host,
        HostID: '00000000-0000-4000-8000-000000000001',
        App: {
          Kind: 'app',
          ...(mcp ? { SubKind: 'mcp' } : {}),
          Version: version,
          Metadata: metadata(name, labels, description),
          Spec: { URI: uri, PublicAddr: publicAddr, ...(isConsole(uri) ? { Cloud: 'AWS' } : {}) },
        },
      },
    },
  });
}

export function kubeEntry(name: string, labels: Labels, host: string): Entry {
  return entry('kube_cluster', name, labels, '', [], {
    KubernetesServer: {
      Kind: 'kube_server',
      Version: version,
      Metadata: metadata(name, {}),
      Spec: {
        Version: '19.0.0',
        Hostname: host,
        HostID: '00000000-0000-4000-8000-000000000001',
        Cluster: { Kind: 'kube_cluster', Version: version, Metadata: metadata(name, labels), Spec: {} },
      },
    },
  });
}

export function desktopEntry(name: string, labels: Labels, address: string): Entry {
  return entry('windows_desktop', name, labels, '', [address], {
    WindowsDesktop: {
      Header: { Kind: 'windows_desktop', Version: version, Metadata: metadata(name, labels) },
      Spec: { Addr: address, HostID: '00000000-0000-4000-8000-000000000001', NonAD: true },
    },
  });
}

export function samlEntry(name: string): Entry {
  return entry('saml_idp_service_provider', name, {}, '', [], {
    SAMLIdPServiceProvider: {
      Header: { Kind: 'saml_idp_service_provider', Version: 'v1', Metadata: metadata(name, {}) },
      Spec: { EntityID: `https://${name}.example/saml`, ACSURL: `https://${name}.example/acs` },
    },
  });
}

function entry(kind: Entry['kind'], name: string, labels: Labels, subKind: string, words: readonly string[], message: Entry['message']): Entry {
  return {
    kind,
    id: name,
    name,
    labels,
    mcp: subKind === 'mcp',
    subKind,
    message,
    key: `${name.toLowerCase()}/${kind}`,
    address: null,
    searchText: searchText(name, '', labels, ...words),
  };
}

/** The web console of AWS, which is opened with a role. */
export function isConsole(uri: string): boolean {
  return uri.startsWith('https://console.aws.amazon.com');
}

function searchText(name: string, id: string, labels: Labels, ...words: readonly string[]): string {
  return [name, id, ...Object.entries(labels).flat(), ...words].join('\n').toLowerCase();
}
