import { Button } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { Component, type ReactNode } from 'react';
import { MessageView } from './message-view.tsx';

interface Props {
  children: ReactNode;
  /** What failed, for the headline: "This tab". */
  what: string;
}

/** Keeps a failure while drawing inside its own part of the window. */
export class ErrorBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <MessageView
        tone="bad"
        icon={<IconBug size={22} />}
        title={`${this.props.what} could not be drawn`}
        text="A fault inside Slipway stopped it. The rest of the app goes on working."
      >
        <Button variant="default" onClick={() => this.setState({ failed: false })}>
          Try again
        </Button>
      </MessageView>
    );
  }
}
