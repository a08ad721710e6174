import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
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
    <Modal opened onClose={onCancel} title={asks ? `Open a link to ${decision.host}?` : 'This link is not opened'} size="lg" centered>
      <Stack gap="sm">
        <Text size="sm">
          {asks ? 'A program in this terminal shows this link. It opens in your browser; links to this host are then opened without asking.' : decision.reason}
        </Text>
        {asks && decision.warning !== null && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {decision.warning}
          </Alert>
        )}
        <pre className="terminal-paste" tabIndex={0}>
          {asks ? decision.url : target.slice(0, 2000)}
        </pre>
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
    </Modal>
  );
}
