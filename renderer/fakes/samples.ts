import type { AuthSettings, Cluster } from '../../shared/model/cluster.ts';
import type { Resource, ResourceKind } from '../../shared/model/resource.ts';
import type { AppInfo } from '../state/connection.ts';

export const sampleInfo: AppInfo = {
  version: '0.1.0',
  platform: 'linux',
  host: 'electron',
  electron: '45.4.1',
  node: '22.21.1',
  logsFolder: '/home/ada/.config/Slipway/logs',
  screenReader: false,
  homeFolder: '/home/ada',
};

/** The same for every sample, since another end means another login. */
const loginEnds = Date.now() + 7.4 * 3_600_000;

export function sampleCluster(change: Partial<Cluster> = {}): Cluster {
  return {
    key: 'ada@teleport.example.com:443',
    address: 'teleport.example.com:443',
    name: 'teleport.example.com',
    user: 'ada',
    home: 'own',
    status: 'signed-in',
    problem: null,
    serverVersion: '19.0.2',
    edition: 'oss',
    authClusterId: '6b1b9a1e-6f0c-4a2a-9d7c-3d1e2f4a5b6c',
    expires: loginEnds,
    roles: ['access', 'editor'],
    logins: ['ada', 'root'],
    activeRequests: [],
    leaves: [
      { name: 'berlin.example.com', online: true },
      { name: 'tokyo.example.com', online: false },
    ],
    trustedFingerprint: null,
    ...change,
  };
}

export const sampleAuthSettings: AuthSettings = {
  address: 'teleport.example.com:443',
  clusterName: 'teleport.example.com',
  serverVersion: '19.0.2',
  localAuth: true,
  secondFactor: 'otp',
  allowPasswordless: false,
  connectors: [],
  defaultType: 'local',
  motd: '',
  versionWarning: null,
};

const kinds: readonly ResourceKind[] = ['node', 'node', 'db', 'node', 'app', 'kube_cluster', 'node', 'windows_desktop'];
const roles = ['api', 'worker', 'cache', 'billing', 'search', 'ingest', 'metrics', 'edge'];
const subKinds: Partial<Record<ResourceKind, string>> = { db: 'postgres', app: 'http', kube_cluster: '' };

/** A plausible resource for each number; the same one every time. */
export function sampleResource(index: number, change: Partial<Resource> = {}): Resource {
  const kind = kinds[index % kinds.length]!;
  const role = roles[(index * 5) % roles.length]!;
  const name = `${role}-${String(index).padStart(3, '0')}`;
  const environment = index % 3 === 0 ? 'prod' : index % 3 === 1 ? 'staging' : 'dev';
  const id = kind === 'node' ? `0d5c9f4e-4b0a-4f57-9a1c-${index.toString(16).padStart(12, '0')}` : name;
  return {
    kind,
    id,
    cluster: 'teleport.example.com',
    name,
    description: kind === 'db' ? 'Orders and invoices' : '',
    labels: [
      { name: 'env', value: environment },
      { name: 'team', value: role === 'billing' ? 'payments' : 'platform' },
      { name: 'region', value: index % 2 ? 'eu-central-1' : 'us-east-1' },
    ],
    address:
      kind === 'node'
        ? `10.20.${index % 250}.${(index * 7) % 250}:3022`
        : kind === 'db'
          ? `${name}.internal:5432`
          : kind === 'app'
            ? `https://${name}.teleport.example.com`
            : '',
    subKind: subKinds[kind] ?? '',
    logins: kind === 'node' ? (index % 4 === 1 ? ['ada'] : ['ada', 'root', 'ubuntu']) : [],
    requiresRequest: false,
    health: kind === 'db' ? (index % 5 === 2 ? 'unhealthy' : 'healthy') : '',
    tshCommand:
      kind === 'node'
        ? `tsh ssh ada@${name}`
        : kind === 'db'
          ? `tsh db connect ${name}`
          : kind === 'kube_cluster'
            ? `tsh kube login ${name}`
            : `tsh apps login ${name}`,
    webUrl: kind === 'kube_cluster' ? '' : `https://teleport.example.com/web/cluster/teleport.example.com/resources?query=${name}`,
    ...change,
  };
}

export const hostileName = `\u202egnp.exe \u0007<b>bold</b> ${'очень длинное имя '.repeat(600)}`;
