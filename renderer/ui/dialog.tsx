import { Modal, type ModalProps } from '@mantine/core';
import { useHeldKeys } from './focus/held-keys.ts';

/** A dialog, open from the moment it is drawn. What is typed before its first field has the focus is held for it. */
export function Dialog({ opened = true, ...props }: Omit<ModalProps, 'opened'> & { opened?: boolean }) {
  useHeldKeys(opened);
  return <Modal opened={opened} returnFocus={false} {...props} />;
}
