import { Button, Text } from '@mantine/core';
import { endText } from './end-text.ts';
import type { TerminalState } from './terminal-controller.ts';

/** Below the text of a session that is over. */
export function EndedBar({
  ended,
  onReconnect,
  onConnection,
  onClose,
}: {
  ended: Extract<TerminalState, { phase: 'ended' }>;
  onReconnect(): void;
  /** Shows the local connection that the program ran on; undefined where there is none. */
  onConnection: (() => void) | undefined;
  onClose(): void;
}) {
  const bad = ended.error !== null || (ended.code ?? 0) !== 0;
  return (
    <div className="terminal-ended" data-bad={bad || undefined} role="status">
      <Text size="sm" className="terminal-ended-text">
        {endText(ended)} <span className="terminal-ended-hint">Press Enter to reconnect.</span>
      </Text>
      <Button size="compact-sm" variant="default" onClick={onReconnect}>
        Reconnect
      </Button>
      {onConnection && (
        <Button size="compact-sm" variant="default" onClick={onConnection}>
          Show connection
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" onClick={onClose}>
        Close tab
      </Button>
    </div>
  );
}
