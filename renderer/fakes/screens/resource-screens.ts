import { AppError } from '../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import type { FakeWorld } from '../fake-app.ts';
import { press, until } from '../page-acts.ts';
import { hostileName, sampleCluster, sampleResource } from '../samples.ts';
import type { Screen } from '../screen.ts';

export function resourcesTab(change: Partial<Extract<Document, { kind: 'resources' }>> = {}): Document {
  return {
    id: 'r',
    kind: 'resources',
    cluster: sampleCluster().key,
    leaf: '',
    search: '',
    kinds: [],
    labels: [],
    sort: { field: 'name', descending: false },
    ...change,
  };
}

const world = (change: FakeWorld = {}, cluster: Partial<Cluster> = {}): FakeWorld => ({
  clusters: [sampleCluster(cluster)],
  workspace: { documents: [resourcesTab()], active: 'r' },
  ...change,
});

const failing = (error: AppError): FakeWorld =>
  world({
    calls: {
      'resources.list': () => {
        throw error;
      },
    },
  });

const firstRow = () => until(() => document.querySelector<HTMLElement>('[role="row"][aria-rowindex="4"]'));

export const resourceScreens: Record<string, Screen> = {
  resources: { world: world() },
  'resources-20000': { world: world({ resources: 20_000 }) },
  'resources-details': { world: world(), act: async () => (await firstRow()).click() },
  'resources-login-menu': { world: world(), act: () => press('Connect to api-000') },
  'resources-filtered': {
    world: world({
      workspace: {
        documents: [resourcesTab({ search: 'eu', kinds: ['node', 'git_server'], labels: [{ name: 'env', value: 'prod' }] })],
        active: 'r',
      },
    }),
  },
  'resources-leaf': { world: world({ workspace: { documents: [resourcesTab({ leaf: 'berlin.example.com' })], active: 'r' } }) },
  'resources-loading': { world: world({ calls: { 'resources.list': () => new Promise(() => {}) } }) },
  'resources-empty': { world: world({ resources: 0 }) },
  'resources-no-match': { world: world({ workspace: { documents: [resourcesTab({ search: 'nothing like it' })], active: 'r' } }) },
  'resources-error': {
    world: failing(
      new AppError('query', 'The cluster did not understand the search: unexpected “&&” near column 12. Change the search or clear it.'),
    ),
  },
  'resources-offline': {
    world: failing(new AppError('unreachable', 'teleport.example.com:443 does not answer. Check the network and any VPN, then try again.')),
  },
  'resources-expired': { world: failing(new AppError('expired', 'The certificate ran out.')) },
  'resources-signed-out': { world: world({}, { status: 'signed-out', expires: null }) },
  'resources-forgotten': { world: world({ clusters: [] }) },
  'resources-skipped': {
    world: world({ calls: { 'resources.list': () => ({ resources: [sampleResource(0), sampleResource(1)], nextKey: '', skipped: 3 }) } }),
  },
  'resources-hostile': {
    world: world({
      calls: {
        'resources.list': () => ({
          resources: [
            sampleResource(0, {
              name: hostileName,
              address: hostileName,
              labels: [{ name: hostileName, value: hostileName }],
              tshCommand: `tsh ssh ${hostileName}`,
            }),
            sampleResource(1, { name: 'שרת-ייצור', labels: Array.from({ length: 50 }, (_, index) => ({ name: `l${index}`, value: '<script>' })) }),
            sampleResource(3, { logins: [] }),
            sampleResource(5, { requiresRequest: true }),
          ],
          nextKey: '',
          skipped: 0,
        }),
      },
    }),
    act: async () => (await until(() => document.querySelector<HTMLElement>('[role="row"][aria-rowindex="2"]'))).click(),
  },
};
