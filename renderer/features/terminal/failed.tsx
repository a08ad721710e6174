import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { failureTitle } from './end-text.ts';
import type { TerminalState } from './terminal-controller.ts';

interface Props {
  ended: Extract<TerminalState, { phase: 'ended' }>;
  target: string;
  onRetry(): void;
  onLogin(): void;
  onClose(): void;
}

/** A connection that did not come about: why, and what can be done. */
export function Failed({ ended, target, onRetry, onLogin, onClose }: Props) {
  const { error } = ended;
  const expired = error?.code === 'expired';
  return (
    <Paper className="terminal-panel" withBorder shadow="sm" p="lg" role="alert">
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap">
          <IconPlugConnectedX size={22} aria-hidden />
          <Title order={3} size="h4">
            {failureTitle(error)}
          </Title>
        </Group>
        <Text size="sm" c="dimmed" truncate>
          {target}
        </Text>
        {error && error.code !== 'cancelled' && <Text className="terminal-panel-message">{error.message}</Text>}
        <Group gap="xs">
          <Button size="xs" onClick={expired ? onLogin : onRetry} data-autofocus autoFocus>
            {expired ? 'Log in and reconnect' : error?.code === 'cancelled' ? 'Connect' : 'Try again'}
          </Button>
          <Button size="xs" variant="default" onClick={onClose}>
            Close tab
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
