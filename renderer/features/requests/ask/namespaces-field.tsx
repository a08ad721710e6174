import { TagsInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { ResourceId } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useMain } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';

const quietMs = 200;

interface Props {
  cluster: ClusterKey;
  /** The Kubernetes cluster. */
  kube: ResourceId;
  /** What people call it. */
  name: string;
  value: readonly string[];
  onChange(namespaces: string[]): void;
}

/** Namespaces of a Kubernetes cluster: chosen among those the cluster tells of, or typed where it does not. */
export function NamespacesField({ cluster, kube, name, value, onChange }: Props) {
  const main = useMain();
  const [search, setSearch] = useState('');
  const [wanted] = useDebouncedValue(search.trim(), quietMs);
  const [asked, setAsked] = useState(false);
  const [offered, setOffered] = useState<readonly string[] | null>(null);
  const id = JSON.stringify(kube);
  useEffect(() => {
    if (!asked) return;
    const controller = new AbortController();
    main.call('requests.namespaces', { cluster, kube: JSON.parse(id), search: wanted }, { signal: controller.signal }).then(
      setOffered,
      () => setOffered(null), // a name can be typed all the same
    );
    return () => controller.abort();
  }, [main, cluster, id, wanted, asked]);
  return (
    <TagsInput
      size="xs"
      aria-label={`Namespaces of ${name}`}
      placeholder={value.length === 0 ? 'All namespaces; choose or type for only some' : undefined}
      data={offered ? offered.filter((each) => displayText(each, 300) === each) : []}
      value={[...value]}
      onChange={onChange}
      searchValue={search}
      onSearchChange={setSearch}
      onFocus={() => setAsked(true)}
      maxDropdownHeight={220}
      maxTags={100}
    />
  );
}
