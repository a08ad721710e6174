import { Button, Group, Text } from '@mantine/core';
import { Dialog } from './dialog.tsx';

interface Props {
  title: string;
  text: string;
  action: string;
  danger: boolean;
  onAnswer(agreed: boolean): void;
}

/** A question with one way forward. Esc and the cross mean no. */
export function ConfirmDialog({ title, text, action, danger, onAnswer }: Props) {
  return (
    <Dialog onClose={() => onAnswer(false)} title={title} size={420}>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      <Group justify="flex-end" mt="lg" gap={8}>
        <Button variant="default" onClick={() => onAnswer(false)}>
          Cancel
        </Button>
        <Button color={danger ? 'red.8' : undefined} onClick={() => onAnswer(true)} data-autofocus>
          {action}
        </Button>
      </Group>
    </Dialog>
  );
}
