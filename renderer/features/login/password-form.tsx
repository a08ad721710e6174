import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import { type ClusterKey, parseClusterKey } from '../../../shared/model/cluster.ts';
import { ErrorText } from './error-text.tsx';

interface Props {
  clusterKey: ClusterKey;
  busy: boolean;
  error: ErrorData | null;
  onSubmit(user: string, password: string): void;
  onCancel(): void;
}

/** User name and password. */
export function PasswordForm({ clusterKey, busy, error, onSubmit, onCancel }: Props) {
  const known = parseClusterKey(clusterKey).user;
  const [user, setUser] = useState(known);
  const [password, setPassword] = useState('');
  const ready = user.trim() !== '' && password !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !busy) onSubmit(user.trim(), password);
  };
  return (
    <form onSubmit={submit}>
      <ErrorText error={error} />
      <TextInput
        label="Username"
        value={user}
        maxLength={512}
        data-autofocus={known === '' || undefined}
        onChange={(event) => setUser(event.currentTarget.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordInput
        mt={10}
        label="Password"
        value={password}
        maxLength={4096}
        data-autofocus={known !== '' || undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
        autoComplete="current-password"
      />
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={!ready} loading={busy}>
          Log in
        </Button>
      </Group>
    </form>
  );
}
