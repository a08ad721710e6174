import type { CallInput } from '../../shared/ipc/define.ts';
import type { MainContract } from '../../shared/ipc/contract.ts';
import type { Resource, ResourcePage } from '../../shared/model/resource.ts';

type Query = CallInput<MainContract, 'resources.list'>;

/** What a cluster with these resources answers. Keys are indices. */
export function pageOf(all: readonly Resource[], { kinds, search, labels, sort, startKey, limit }: Query): ResourcePage {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = all
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .filter((resource) => labels.every(({ name, value }) => resource.labels.some((label) => label.name === name && label.value === value)))
    .filter(({ name, address, labels: own }) => words.every((word) => `${name} ${address} ${own.map((label) => label.value).join(' ')}`.toLowerCase().includes(word)));
  const sorted = fits.toSorted((a, b) => (a[sort.field] < b[sort.field] ? -1 : a[sort.field] > b[sort.field] ? 1 : 0));
  if (sort.descending) sorted.reverse();
  const from = startKey === '' ? 0 : Number(startKey);
  return { resources: sorted.slice(from, from + limit), nextKey: from + limit < sorted.length ? String(from + limit) : '', skipped: 0 };
}
