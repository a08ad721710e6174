import { ActionIcon, Loader, Select } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import type { RefObject } from 'react';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import { displayText } from '../../ui/display-text.ts';
import listPage from '../../ui/list-page.module.css';
import { SearchField } from '../../ui/search-field.tsx';
import { Tip } from '../../ui/tip.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { AvailabilityFilter } from './availability-filter.tsx';
import { kindGroups, toggleGroup } from './kinds.tsx';
import classes from './resources.module.css';

type ResourcesDocument = Extract<Document, { kind: 'resources' }>;

interface Props {
  searchRef: RefObject<HTMLInputElement | null>;
  document: ResourcesDocument;
  cluster: Cluster;
  /** The search field takes the keyboard when it becomes so. */
  busy: boolean;
  onChange(change: Partial<Omit<ResourcesDocument, 'id' | 'kind'>>): void;
  onRefresh(): void;
  /** The person goes from the search field to the list. */
  onLeave(): void;
}

const rootValue = '\u0000root';

export function ResourceToolbar({ searchRef, document, cluster, busy, onChange, onRefresh, onLeave }: Props) {
  const leaves = cluster.leaves.filter(({ name }) => name !== document.leaf);
  const all = document.leaf
    ? [{ name: document.leaf, online: cluster.leaves.find(({ name }) => name === document.leaf)?.online ?? false }, ...leaves]
    : leaves;
  return (
    <div className={listPage.toolbar}>
      <div className={listPage.toolRow}>
        <SearchField
          inputRef={searchRef}
          label="Search resources"
          placeholder="Search by name, label or address"
          value={document.search}
          onChange={(search) => onChange({ search })}
          onLeave={onLeave}
        />
        {all.length > 0 && (
          <Select
            aria-label="Cluster whose resources are shown"
            className={classes.leaf}
            size="xs"
            value={document.leaf || rootValue}
            onChange={(value) => onChange({ leaf: value === rootValue || value === null ? '' : value })}
            data={[
              { value: rootValue, label: displayText(cluster.name, 80) },
              ...all.map(({ name, online }) => ({ value: name, label: `${displayText(name, 80)}${online ? '' : ' (offline)'}` })),
            ]}
          />
        )}
        <Tip label="Refresh">
          <ActionIcon className={classes.refresh} aria-label="Refresh" aria-busy={busy} onClick={onRefresh}>
            {busy ? <Loader size={14} /> : <IconRefresh size={16} />}
          </ActionIcon>
        </Tip>
      </div>
      <div className={listPage.filters} role="group" aria-label="Filters">
        <AvailabilityFilter document={document} cluster={cluster.key} onChange={onChange} />
        {kindGroups.map(({ name, kinds }) => (
          <button
            key={name}
            type="button"
            className={listPage.chip}
            aria-pressed={kinds.some((kind) => document.kinds.includes(kind))}
            onClick={() => onChange({ kinds: toggleGroup(document.kinds, kinds) })}
          >
            {name}
          </button>
        ))}
        {document.labels.map((label) => (
          <button
            key={`${label.name}=${label.value}`}
            type="button"
            className={listPage.chip}
            data-on
            aria-label={`Remove the filter ${displayText(label.name, 60)}: ${displayText(label.value, 60)}`}
            onClick={() => onChange({ labels: document.labels.filter((other) => other !== label) })}
          >
            <Untrusted text={`${label.name}: ${label.value}`} most={80} />
            <IconX size={12} aria-hidden />
          </button>
        ))}
      </div>
    </div>
  );
}
