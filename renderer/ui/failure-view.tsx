import { IconAlertTriangle, IconCloudOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ErrorCode, ErrorData } from '../../shared/errors/app-error.ts';
import { displayText } from './display-text.ts';
import { MessageView } from './message-view.tsx';

/** The cluster did not answer; what was asked may succeed as soon as it does. */
export const awayCodes: readonly ErrorCode[] = ['offline', 'unreachable', 'timeout', 'name-not-resolved'];

/** Why a page of a cluster could not be read; `name` is the cluster's, fit to be shown. The children are the buttons. */
export function FailureView({ name, title, error, children }: { name: string; title: string; error: ErrorData; children: ReactNode }) {
  const offline = awayCodes.includes(error.code);
  return (
    <MessageView
      tone="bad"
      icon={offline ? <IconCloudOff size={22} /> : <IconAlertTriangle size={22} />}
      title={offline ? `${name} cannot be reached` : title}
      text={<bdi>{displayText(error.message, 1000)}</bdi>}
    >
      {children}
    </MessageView>
  );
}
