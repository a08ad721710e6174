import { Button, Group, Loader, Paper, Text } from '@mantine/core';
import { stepText } from './end-text.ts';
import type { ConnectStep } from './terminal-controller.ts';

/** The step a connection is at, and the way out of it. */
export function Connecting({ step, target, local, onCancel }: { step: ConnectStep; target: string; local: boolean; onCancel(): void }) {
  return (
    <Paper className="terminal-panel" withBorder shadow="sm" p="md" role="status">
      <Group wrap="nowrap" gap="md">
        <Loader size="sm" />
        <div className="terminal-panel-text">
          <Text fw={600} truncate>
            {local ? 'Opening a terminal on this computer' : `Connecting to ${target}`}
          </Text>
          <Text size="sm" c="dimmed">
            {stepText(step, local)}
          </Text>
        </div>
        <Button variant="default" size="xs" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Paper>
  );
}
