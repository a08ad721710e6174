import { Button, Notification } from '@mantine/core';
import { useEffect } from 'react';
import { useApp, useNotifications } from '../../state/context.tsx';
import type { Notice } from '../../state/notifications.ts';
import classes from './notices.module.css';

/** Long enough to read a sentence or two. */
const shownMs = 6000;
const colors = { info: 'blue', success: 'teal', error: 'red' } as const;

/** Messages that have no place of their own, in the corner. Errors stay until they are closed. */
export function Notices() {
  const notices = useNotifications((state) => state.notices);
  return (
    <section className={classes.stack} aria-label="Notifications" aria-live="polite">
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function OneNotice({ notice }: { notice: Notice }) {
  const { notifications } = useApp();
  const close = () => notifications.getState().dismiss(notice.id);
  useEffect(() => {
    if (notice.tone === 'error') return;
    const timer = setTimeout(() => notifications.getState().dismiss(notice.id), shownMs);
    return () => clearTimeout(timer);
  }, [notice, notifications]);
  return (
    <Notification
      title={notice.title}
      color={colors[notice.tone]}
      onClose={close}
      withBorder
      role={notice.tone === 'error' ? 'alert' : 'status'}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <span className={classes.text}>{notice.text}</span>
      {notice.action && (
        <Button
          size="compact-xs"
          variant="default"
          mt={6}
          onClick={() => {
            close();
            notice.action?.run();
          }}
        >
          {notice.action.label}
        </Button>
      )}
    </Notification>
  );
}
