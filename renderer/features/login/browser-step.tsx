import { Button, Group, Loader } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { LoginStep } from '../../../shared/model/login.ts';
import { useApp } from '../../state/context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { openLink } from '../../workbench/open-link.ts';
import classes from './login.module.css';

interface Props {
  step: Extract<LoginStep, { step: 'browser' }>;
  onBack(): void;
}

/** While the person logs in in the browser: what is waited for, and the way there where none was opened. */
export function BrowserStep({ step: { connector, url, opened }, onBack }: Props) {
  const app = useApp();
  const start = useRef<HTMLButtonElement>(null);
  useEffect(() => start.current?.focus(), []);
  return (
    <>
      <div className={classes.waiting} role="status">
        <Loader size="xs" aria-hidden />
        <p>
          {opened ? 'Log in with ' : 'Open your browser to log in with '}
          <Untrusted text={connector.display || connector.name} most={60} />
          {opened ? ' in the browser window that was opened. Slipway goes on by itself.' : '. Slipway goes on by itself afterwards.'}
        </p>
      </div>
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={onBack}>
          Cancel
        </Button>
        <CopyButton text={url} label="Copy link" />
        <Button ref={start} variant={opened ? 'default' : 'filled'} onClick={() => void openLink(app, url)}>
          {opened ? 'Open again' : 'Open browser'}
        </Button>
      </Group>
    </>
  );
}
