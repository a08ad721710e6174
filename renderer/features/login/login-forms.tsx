import { Button, Group } from '@mantine/core';
import type { AuthSettings, ClusterKey } from '../../../shared/model/cluster.ts';
import { BrowserStep } from './browser-step.tsx';
import { CodeForm } from './code-form.tsx';
import { Connectors } from './connectors.tsx';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';
import { PasswordForm } from './password-form.tsx';
import { useLogin } from './use-login.ts';

interface Props {
  clusterKey: ClusterKey;
  settings: AuthSettings;
  onDone(key: ClusterKey): void;
  onCancel(): void;
}

/** The ways to log in that the cluster offers, then what the chosen one asks for. */
export function LoginForms({ clusterKey, settings, onDone, onCancel }: Props) {
  const login = useLogin(clusterKey, onDone);
  if (login.step.step === 'browser') return <BrowserStep step={login.step} onBack={login.back} />;
  const busy = login.busy !== null;
  if (login.step.step === 'code') {
    return <CodeForm busy={busy} error={login.error} onSubmit={(code) => login.answer({ type: 'code', code })} onBack={login.back} />;
  }
  const nothing = !settings.localAuth && settings.connectors.length === 0;
  return (
    <div className={classes.stack}>
      {settings.localAuth && (
        <PasswordForm
          clusterKey={clusterKey}
          busy={busy}
          error={login.error}
          onSubmit={(user, password) => login.answer({ type: 'password', user, password })}
          onCancel={busy ? login.back : onCancel}
        />
      )}
      {!settings.localAuth && <ErrorText error={login.error} />}
      {settings.connectors.length > 0 && (
        <Connectors
          connectors={settings.connectors}
          alone={!settings.localAuth}
          busy={busy}
          onChoose={(connector) => login.answer({ type: 'sso', connector })}
        />
      )}
      {nothing && (
        <ErrorText error={{ code: 'local-login-disabled', message: 'This cluster offers no way to log in. Its administrator has to set one up.' }} />
      )}
      {!settings.localAuth && (
        <Group justify="flex-end" mt="xs">
          <Button variant="default" onClick={busy ? login.back : onCancel}>
            {busy ? 'Cancel' : 'Close'}
          </Button>
        </Group>
      )}
    </div>
  );
}
