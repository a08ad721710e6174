import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Dialog } from '../../../ui/dialog.tsx';
import { displayText } from '../../../ui/display-text.ts';
import type { LinkDecision } from './link-policy.ts';

interface Props {
  decision: Exclude<LinkDecision, { kind: 'open' }>;
  target: string;
  onOpen(): void;
  onCopy(): void;
  onCancel(): void;
}

/** Shows where a link leads before it is opened, or why it is not. */
export function LinkDialog({ decision, target, onOpen, onCopy, onCancel }: Props) {
  const asks = decision.kind === 'ask';
  return (
    <Dialog onClose={onCancel} title={asks ? `Open a link to ${decision.host}?` : 'This link is not opened'} size="lg" centered>
      <Stack gap="sm">
        <Text size="sm">
          {asks
            ? `A program in this terminal shows this link. It opens in your browser${decision.warning === null ? '; links to this host are then opened without asking' : ''}.`
            : decision.reason}
        </Text>
        {asks && decision.warning !== null && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {decision.warning}
          </Alert>
        )}
        <Textarea
          aria-label="Where the link leads"
          value={asks ? decision.url : displayText(target, 2000)}
          readOnly
          autosize
          minRows={1}
          maxRows={6}
          classNames={{ input: 'terminal-quote' }}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCopy}>
            Copy link
          </Button>
          <Button variant="default" onClick={onCancel}>
            {asks ? 'Cancel' : 'Close'}
          </Button>
          {asks && (
            <Button onClick={onOpen} data-autofocus>
              Open
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}
