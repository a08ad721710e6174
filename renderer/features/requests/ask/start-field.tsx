import { Select } from '@mantine/core';
import { useMemo } from 'react';
import type { RequestsOverview } from '../../../../shared/model/access-request.ts';
import { useNow } from '../../../ui/use-now.ts';
import { chosen, startChoices } from '../times.ts';

interface Props {
  label: string;
  /** The label is for screen readers only. */
  compact?: boolean;
  /** What is meant when nothing is chosen. */
  unchanged: string;
  /** By this computer's clock; null when nothing is chosen. */
  value: number | null;
  overview: RequestsOverview | undefined;
  /** The end of the access, by the server's clock. */
  latest: number | null;
  onChange(value: number | null): void;
}

/** When access starts: at once or at a full hour. */
export function StartField({ label, compact = false, unchanged, value, overview, latest, onChange }: Props) {
  const offset = overview?.clockOffset ?? 0;
  const now = useNow(60_000);
  const choices = useMemo(() => startChoices(now, latest === null ? null : latest - offset), [now, latest, offset]);
  if (choices.length === 0 && value === null) return null;
  return (
    <Select
      label={compact ? undefined : label}
      aria-label={label}
      searchable
      nothingFoundMessage="No such time"
      maxDropdownHeight={260}
      data={[{ value: '', label: unchanged }, ...choices]}
      value={value === null ? '' : String(value)}
      onChange={(next) => onChange(chosen(next))}
    />
  );
}
