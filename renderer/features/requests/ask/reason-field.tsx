import { Textarea } from '@mantine/core';
import { maxReasonBytes } from '../../../../shared/model/access-request.ts';
import { displayText } from '../../../ui/display-text.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

export const reasonTooLong = (reason: string): boolean => bytesOf(reason.trim()) > maxReasonBytes;

interface Props {
  label: string;
  value: string;
  required?: boolean;
  /** The label stands in the empty field. */
  compact?: boolean;
  /** What the administrator wants to know: hostile text. */
  prompts?: readonly string[];
  /** Takes the focus when the dialog around it opens. */
  first?: boolean;
  onChange(value: string): void;
}

/** A reason in people's own words. Says how much too long it is before the cluster does. */
export function ReasonField({ label, value, required = false, compact = false, prompts = [], first = false, onChange }: Props) {
  const over = bytesOf(value.trim()) - maxReasonBytes;
  const asked = prompts.map((prompt) => displayText(prompt, 300)).filter(Boolean);
  return (
    <Textarea
      label={compact ? undefined : label}
      aria-label={label}
      placeholder={compact ? label : undefined}
      data-autofocus={first || undefined}
      size="sm"
      autosize
      minRows={compact ? 1 : 2}
      maxRows={compact ? 4 : 8}
      maxLength={20_000}
      withAsterisk={required}
      required={required}
      description={asked.length > 0 ? <bdi>{asked.join(' · ')}</bdi> : undefined}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={over > 0 ? `${over.toLocaleString()} bytes too long: a cluster keeps ${maxReasonBytes.toLocaleString()} at most` : undefined}
    />
  );
}
