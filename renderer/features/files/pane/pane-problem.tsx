import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCloudOff, IconFolderOff, IconLock, IconLogin2 } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { AppError, ErrorCode } from '../../../../shared/errors/app-error.ts';
import { displayText } from '../../../ui/display-text.ts';
import { MessageView } from '../../../ui/message-view.tsx';
import type { Side } from '../side.ts';
import { baseName } from './path/paths.ts';

const away: readonly ErrorCode[] = ['offline', 'node-offline', 'unreachable', 'timeout', 'name-not-resolved', 'closed'];
const refused: readonly ErrorCode[] = ['access-denied', 'login-refused', 'session-mfa'];

interface Props {
  side: Side;
  error: AppError;
  onRetry(): void;
  /** The folder that was shown before; null for home. */
  back: string | null;
  /** Null where there is nowhere else to go. */
  onBack: (() => void) | null;
}

/** Why a folder is not shown, and the way on. */
export function PaneProblem({ side, error, onRetry, back, onBack }: Props) {
  const retry = useRef<HTMLButtonElement>(null);
  // The list that had the focus is gone.
  useEffect(() => {
    if (document.activeElement === document.body) retry.current?.focus();
  }, []);
  const name = displayText(side.label, 100);
  const isAway = away.includes(error.code);
  const isRefused = refused.includes(error.code);
  const expired = error.code === 'expired';
  const Icon = expired ? IconLogin2 : isAway ? IconCloudOff : isRefused ? IconLock : error.code === 'not-found' ? IconFolderOff : IconAlertTriangle;
  const title = expired
    ? 'You are not logged in'
    : isAway
      ? `${name} cannot be reached`
      : error.code === 'unsupported'
        ? `${name} has no file transfer`
        : isRefused
          ? 'The files are not open to you'
          : error.code === 'not-found'
            ? 'The folder is not there'
            : 'The folder could not be read';
  return (
    <MessageView tone={expired ? 'quiet' : 'bad'} icon={<Icon size={22} />} title={title} text={<bdi>{displayText(error.message, 1000)}</bdi>}>
      <Button ref={retry} onClick={onRetry}>
        {expired ? 'Log in' : 'Try again'}
      </Button>
      {onBack && !isAway && !expired && (
        <Button variant="default" onClick={onBack}>
          {back === null ? 'Go to the home folder' : `Back to ${displayText(baseName(side.style, back) || back, 40)}`}
        </Button>
      )}
    </MessageView>
  );
}
