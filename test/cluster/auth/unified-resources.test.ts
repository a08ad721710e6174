import { describe, expect, it } from 'vitest';
import { proto } from '../../../proto/gen/teleport.js';
import { type RpcExchange, readVector, vectorNames } from '../../wire/vectors.ts';
import { appEntry, databaseEntry, desktopEntry, kubeEntry, nodeEntry } from '../state/entries.ts';
import { Inventory } from '../state/inventory.ts';
import { AccessSet, all } from '../state/roles.ts';
import { RpcError } from './errors.ts';
import { listOfKind, listUnified } from './unified-resources.ts';

/** Every node that stands in a recorded answer, with its UUID; the others get one. */
const recordedIds = new Map<string, string>();
for (const name of [...vectorNames('rpc-lur-'), 'rpc-listresources-node']) {
  for (const resource of decode(readVector<RpcExchange>(name)).Resources) {
    if (resource.Node?.Spec?.Hostname) recordedIds.set(resource.Node.Spec.Hostname, resource.Node.Metadata?.Name ?? '');
  }
  const next = /unified_resource\/(?:node\/)?(srv-\d+\.example)\/([0-9a-f-]{36})/.exec(decode(readVector<RpcExchange>(name)).NextKey);
  if (next) recordedIds.set(next[1]!, next[2]!);
}

/** The recorded cluster's resources, as far as the answers show them: 300 servers made by a rule, and a few of each other kind. */
function recordedInventory(): Inventory {
  const servers = Array.from({ length: 300 }, (_, index) => {
    const hostname = `srv-${String(index).padStart(3, '0')}.example`;
    const labels = { env: ['dev', 'staging', 'prod'][index % 3]!, team: `team${index % 7}`, idx: String(index), 'teleport.internal/hiddenx': 'y' };
    return nodeEntry(
      {
        uuid: recordedIds.get(hostname) ?? `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        hostname,
        labels,
        subKind: 'openssh',
        listed: `10.1.${Math.floor(index / 250)}.${(index % 250) + 1}:22`,
      },
      '19.0.0',
    );
  });
  const dev = { env: 'dev' };
  const prod = { env: 'prod' };
  return new Inventory([
    ...servers,
    nodeEntry(
      { uuid: recordedIds.get('node-r') ?? '', hostname: 'node-r', labels: { env: 'dev', tier: 'edge' }, listed: '127.0.0.1:4122' },
      '19.0.0',
    ),
    appEntry('grafana', dev, 'http://127.0.0.1:4199', 'grafana.localhost', 'node-r', 'Dash board'),
    appEntry('mcp-everything', dev, 'mcp+http://127.0.0.1:4196', 'mcp-everything.localhost', 'node-r'),
    appEntry('tcpecho', prod, 'tcp://127.0.0.1:4197', 'tcpecho.localhost', 'node-r'),
    databaseEntry('my1', prod, 'mysql', '127.0.0.1:3399', 'node-r', '', 'unhealthy'),
    databaseEntry('pg1', dev, 'postgres', '127.0.0.1:5499', 'node-r', 'main pg', 'unhealthy'),
    kubeEntry('kube1', dev, 'node-r'),
    desktopEntry('win1', dev, '10.0.0.9:3389'),
  ]);
}

const access = new AccessSet(
  [
    {
      name: 'dev',
      description: '',
      logins: ['root', 'ubuntu'],
      windowsLogins: ['Administrator'],
      labels: { node: all, db: all, app: all, kube_cluster: all, windows_desktop: all },
    },
  ],
  [],
);

const pins: Record<string, readonly string[]> = {
  'rpc-lur-pinned-node': [
    'srv-007.example/a170b338-3926-4059-b28c-105d1fb17c23/node',
    '6513270e-269e-4d37-b2a7-4de452e6b438/node',
    'SRV-001.example/x/node',
  ],
  'rpc-lur-pinned': ['6513270e-269e-4d37-b2a7-4de452e6b438/node', 'pg1/db', 'grafana/app', 'kube1/kube_cluster', 'win1/windows_desktop', 'gone/node'],
};

describe('recorded lists are answered alike', () => {
  const inventory = recordedInventory();

  it.each(vectorNames('rpc-lur-'))('%s', (name) => {
    const { request, response } = readVector<RpcExchange>(name);
    const message = proto.ListUnifiedResourcesRequest.decode(Buffer.from(request.protobuf_base64, 'base64'));
    if (response.grpc_status !== 0) {
      let refusal: unknown;
      try {
        listUnified(inventory, access, [], message);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(RpcError);
      expect([(refusal as RpcError).code, (refusal as RpcError).message]).toEqual([response.grpc_status, response.grpc_message]);
      return;
    }
    const answer = proto.ListUnifiedResourcesResponse.decode(
      proto.ListUnifiedResourcesResponse.encode(listUnified(inventory, access, pins[name] ?? [], message)).finish(),
    );
    const recorded = decode({ response });
    // Long recorded lists were cut to their first entries.
    expect(answer.Resources.slice(0, recorded.Resources.length).map(brief)).toEqual(recorded.Resources.map(brief));
    if (!truncated(name)) expect(answer.Resources).toHaveLength(recorded.Resources.length);
    expect(answer.NextKey.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UUID')).toBe(recorded.NextKey.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'UUID'));
  });

  it.each(vectorNames('rpc-listresources-'))('%s', (name) => {
    const { request, response } = readVector<RpcExchange>(name);
    const message = proto.ListResourcesRequest.decode(Buffer.from(request.protobuf_base64, 'base64'));
    if (response.grpc_status !== 0) {
      expect(() => listOfKind(inventory, access, message)).toThrow(response.grpc_message);
      return;
    }
    const answer = listOfKind(inventory, access, message);
    const recorded = proto.ListResourcesResponse.decode(Buffer.from(response.protobuf_base64 ?? '', 'base64'));
    expect(answer.TotalCount ?? 0).toBe(recorded.TotalCount);
    expect((answer.Resources ?? []).map((one) => Object.keys(one)[0])).toEqual(recorded.Resources.map((one) => one.resource ?? ''));
  });
});

function decode({ response }: Pick<RpcExchange, 'response'>): proto.ListUnifiedResourcesResponse {
  return proto.ListUnifiedResourcesResponse.decode(Buffer.from(response.protobuf_base64 ?? '', 'base64'));
}

function truncated(name: string): boolean {
  return JSON.stringify(readVector<object>(name)).includes('"truncated"');
}

/** What a client reads of a resource, in one line. */
function brief(resource: proto.IPaginatedResource): unknown {
  const { Node, DatabaseServer, AppServer, KubernetesServer, WindowsDesktop } = resource;
  const inner = Node ?? DatabaseServer?.Spec?.Database ?? AppServer?.Spec?.App ?? KubernetesServer?.Spec?.Cluster;
  const visible = Object.entries(inner?.Metadata?.Labels ?? WindowsDesktop?.Header?.Metadata?.Labels ?? {}).filter(
    ([key]) => !key.startsWith('teleport.'),
  );
  return {
    kind: inner?.Kind ?? WindowsDesktop?.Header?.Kind,
    subKind: inner?.SubKind ?? '',
    version: inner?.Version ?? WindowsDesktop?.Header?.Version,
    name: inner?.Metadata?.Name ?? WindowsDesktop?.Header?.Metadata?.Name,
    description: inner?.Metadata?.Description ?? '',
    labels: Object.fromEntries(visible.sort()),
    hostname: Node?.Spec?.Hostname,
    addr: Node?.Spec?.Addr ?? WindowsDesktop?.Spec?.Addr,
    uri: DatabaseServer?.Spec?.Database?.Spec?.URI ?? AppServer?.Spec?.App?.Spec?.URI,
    publicAddr: AppServer?.Spec?.App?.Spec?.PublicAddr,
    protocol: DatabaseServer?.Spec?.Database?.Spec?.Protocol,
    health: DatabaseServer?.Status?.TargetHealth?.Status,
    logins: resource.Logins ?? [],
  };
}
