import type { MainContract } from '../../shared/contract/index.ts';
import type { CallInput } from '../../shared/ipc/define.ts';
import type { Resource, ResourcePage } from '../../shared/model/resource.ts';

type Query = CallInput<MainContract, 'resources.list'>;

/** What a cluster with these resources answers. Keys are indices; the last list asked for is kept for its next pages. */
export function fakeResources(all: readonly Resource[]): (query: Query) => ResourcePage {
  let asked = '';
  let fitting: readonly Resource[] = [];
  return (query) => {
    const { startKey, limit } = query;
    const wanted = JSON.stringify({ ...query, startKey: '', limit: 0 });
    if (wanted !== asked) fitting = select(all, query);
    asked = wanted;
    const from = startKey === '' ? 0 : Number(startKey);
    return { resources: fitting.slice(from, from + limit), nextKey: from + limit < fitting.length ? String(from + limit) : '', skipped: 0 };
  };
}

function select(all: readonly Resource[], { kinds, search, labels, sort }: Query): Resource[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const sorted = all
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .filter((resource) => labels.every(({ name, value }) => resource.labels.some((label) => label.name === name && label.value === value)))
    .filter(({ name, address, labels: own }) =>
      words.every((word) => `${name} ${address} ${own.map((label) => label.value).join(' ')}`.toLowerCase().includes(word)),
    )
    .toSorted((a, b) => (a[sort.field] < b[sort.field] ? -1 : a[sort.field] > b[sort.field] ? 1 : 0));
  return sort.descending ? sorted.reverse() : sorted;
}
