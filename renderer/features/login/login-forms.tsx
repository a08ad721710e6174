import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { AuthSettings, ClusterKey } from '../../../shared/model/cluster.ts';
import { useMain } from '../../state/context.tsx';
import { CodeForm } from './code-form.tsx';
import { Connectors } from './connectors.tsx';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';
import { PasswordForm } from './password-form.tsx';
import { useTask } from './use-task.ts';

interface Props {
  clusterKey: ClusterKey;
  settings: AuthSettings;
  onDone(key: ClusterKey): void;
  onCancel(): void;
}

const keyOnly = {
  code: 'second-factor-unsupported',
  message:
    'This account confirms logins with a security key only, which Slipway cannot use yet. Register an authenticator app for the account, or log in with tsh.',
} as const;

/** Password, then the second factor; beside them the single sign-on that the cluster offers. */
export function LoginForms({ clusterKey, settings, onDone, onCancel }: Props) {
  const main = useMain();
  const task = useTask();
  const [attempt, setAttempt] = useState<string | null>(null);
  const [needsKey, setNeedsKey] = useState(false);

  const finish = async (id: string, totp: string, signal: AbortSignal) =>
    onDone((await main.call('clusters.login-finish', { attempt: id, totp }, { signal })).key);
  const begin = (user: string, password: string) =>
    task.run(async (signal) => {
      setNeedsKey(false);
      const begun = await main.call('clusters.login-begin', { key: clusterKey, user, password }, { signal });
      if (begun.none) await finish(begun.attempt, '', signal);
      else if (begun.totp) setAttempt(begun.attempt);
      else setNeedsKey(true);
    });

  if (attempt !== null) {
    return (
      <CodeForm
        busy={task.busy}
        error={task.error}
        onSubmit={(code) => task.run((signal) => finish(attempt, code, signal))}
        onBack={() => {
          task.cancel();
          setAttempt(null);
        }}
      />
    );
  }
  const nothing = !settings.localAuth && settings.connectors.length === 0;
  return (
    <div className={classes.stack}>
      {settings.localAuth && (
        <PasswordForm clusterKey={clusterKey} task={needsKey ? { ...task, error: keyOnly } : task} onSubmit={begin} onCancel={onCancel} />
      )}
      {settings.connectors.length > 0 && <Connectors connectors={settings.connectors} alone={!settings.localAuth} />}
      {nothing && (
        <ErrorText error={{ code: 'local-login-disabled', message: 'This cluster offers no way to log in. Its administrator has to set one up.' }} />
      )}
      {!settings.localAuth && (
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={onCancel}>
            Close
          </Button>
        </Group>
      )}
    </div>
  );
}
