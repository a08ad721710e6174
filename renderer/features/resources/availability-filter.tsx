import { Select } from '@mantine/core';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import { useRequestsOverview } from '../../state/context.tsx';
import classes from './resources.module.css';

type ResourcesDocument = Extract<Document, { kind: 'resources' }>;

const choices = [
  { value: 'cluster', label: 'Default' },
  { value: 'accessible', label: 'Yours' },
  { value: 'requestable', label: 'Requestable' },
  { value: 'all', label: 'Yours and requestable' },
] as const;

interface Props {
  document: ResourcesDocument;
  cluster: ClusterKey;
  onChange(change: Pick<ResourcesDocument, 'availability'>): void;
}

/** What of the list is shown by the right to open it; absent where the cluster takes no requests for resources. */
export function AvailabilityFilter({ document, cluster, onChange }: Props) {
  const offered = useRequestsOverview(cluster)?.features.resourceRequests ?? false;
  if (!offered) return null;
  return (
    <Select
      aria-label="Which resources are shown"
      className={classes.availability}
      size="xs"
      data={choices}
      value={document.availability ?? 'cluster'}
      onChange={(value) => onChange({ availability: value === 'cluster' || value === null ? undefined : value })}
    />
  );
}
