import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { MessageView } from '../../ui/message-view.tsx';

/** The app behind the window has ended. */
export function DisconnectedView() {
  return (
    <MessageView
      tone="bad"
      icon={<IconPlugConnectedX size={22} />}
      title="Slipway has stopped"
      text="The part of the app that holds the connections has ended, so nothing in this window works any more. Start it again, then reload."
    >
      <Button onClick={() => location.reload()}>Reload</Button>
    </MessageView>
  );
}
