import { ActionIcon } from '@mantine/core';
import type { ReactNode } from 'react';
import { Tip } from '../../../ui/tip.tsx';

interface Props {
  label: string;
  /** The key that does the same, for the tip. */
  keys?: string;
  disabled?: boolean;
  onClick(): void;
  /** The icon. */
  children: ReactNode;
}

export function PaneAction({ label, keys, disabled, onClick, children }: Props) {
  return (
    <Tip label={keys ? `${label} (${keys})` : label}>
      <ActionIcon size={26} aria-label={label} aria-keyshortcuts={keys} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tip>
  );
}
