import { expect, test } from 'vitest';
import type { Document } from '../../../shared/model/document.ts';
import { sampleCluster } from '../../fakes/samples.ts';
import { tabTitle } from './tab-info.tsx';

const { key: cluster } = sampleCluster();
const target = { cluster, leaf: '', node: 'n1', hostname: 'web', login: 'root' };
const resources: Document = {
  id: 'r',
  kind: 'resources',
  cluster,
  leaf: '',
  search: '',
  kinds: [],
  labels: [],
  sort: { field: 'name', descending: false },
};
const gateway = { connection: 'c', command: null, cluster, title: 'berlin-prod', origin: 'resource_table' } as const;

test.each<[Document, string]>([
  [resources, 'teleport.example.com'],
  [{ ...resources, leaf: 'berlin' }, 'berlin'],
  [{ ...resources, cluster: 'bob@other:443' }, 'other:443'],
  [{ id: 's', kind: 'ssh', origin: 'resource_table', target }, 'root@web'],
  [{ id: 'f', kind: 'files', target, remotePath: '', localPath: '' }, 'Files · root@web'],
  [{ id: 'l', kind: 'shell', cwd: '' }, 'Terminal'],
  [{ id: 'k', kind: 'shell', cwd: '', gateway }, 'berlin-prod'],
  [{ id: 'g', kind: 'gateway', connection: 'c', cluster, title: 'orders as alice' }, 'orders as alice'],
  [{ id: 'diagnostics', kind: 'diagnostics' }, 'Diagnostics'],
])('a tab is called by what it shows: %j', (document, title) => {
  expect(tabTitle(document, [sampleCluster()])).toBe(title);
});

test('a terminal is called as the program in it says, one on a connection is not', () => {
  const status = { title: 'vim' } as Parameters<typeof tabTitle>[2];
  expect(tabTitle({ id: 's', kind: 'ssh', origin: 'resource_table', target }, [], status)).toBe('vim');
  expect(tabTitle({ id: 'l', kind: 'shell', cwd: '' }, [], status)).toBe('vim');
  expect(tabTitle({ id: 'k', kind: 'shell', cwd: '', gateway }, [], status)).toBe('berlin-prod');
});
