import { Text } from '@mantine/core';

/** Below the text of a session whose server does not answer at the moment. */
export function StalledBar() {
  return (
    <div className="terminal-ended" data-warn role="status">
      <Text size="sm" className="terminal-ended-text">
        The server has not answered for 3 seconds. What you type is sent as soon as the connection works again.
      </Text>
    </div>
  );
}
