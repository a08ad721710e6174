import { Button, Group, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import { useApp, useConnections } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { displayText } from '../../ui/display-text.ts';
import { openAndShow } from '../../workbench/connection-actions.ts';
import { type ForwardForm, formOf, parseForward } from './sections/forward-form.ts';

interface Props {
  server: SshTarget;
  /** A saved forward to change; null for a new one. */
  connection: string | null;
  onClose(): void;
}

const types = [
  { value: 'local', label: 'Local' },
  { value: 'remote', label: 'Remote' },
  { value: 'dynamic', label: 'SOCKS proxy' },
];
const explained = {
  local: 'A port of this computer leads to a host and port that the server can reach.',
  remote: 'A port of the server leads to a host and port that this computer can reach.',
  dynamic: 'Programs that speak SOCKS5 reach everything the server can reach.',
} as const;

/** A port forward over SSH: which way, from where, to where. */
export default function ForwardDialog({ server, connection, onClose }: Props) {
  const app = useApp();
  const row = useConnections(({ rows }) => (connection === null ? undefined : rows[connection]));
  const [form, setForm] = useState<ForwardForm>(() => formOf(row));
  const [problems, setProblems] = useState<Partial<Record<keyof ForwardForm, string>>>({});
  const [failure, setFailure] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (next: Partial<ForwardForm>) => {
    setForm({ ...form, ...next });
    setProblems({});
    setFailure('');
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseForward(form);
    if (!parsed.ok) return setProblems(parsed.problems);
    const { forward, port } = parsed;
    if (connection === null) {
      onClose();
      return openAndShow(app, { kind: 'forward', server, forward, withTerminal: form.withTerminal }, 'resource_table', { port });
    }
    setBusy(true);
    try {
      await app.sessionHost().call('connections.change-forward', { id: connection, forward, withTerminal: form.withTerminal });
      onClose();
    } catch (caught) {
      setFailure(AppError.from(caught).message);
      setBusy(false);
    }
  };
  const field = (name: 'localPort' | 'listenHost' | 'listenPort' | 'host' | 'port', label: string, placeholder: string, wide = false) => (
    <TextInput
      label={label}
      data-autofocus={name === (form.type === 'dynamic' ? 'localPort' : 'host') || undefined}
      placeholder={placeholder}
      value={form[name]}
      error={problems[name]}
      maxLength={255}
      spellCheck={false}
      style={{ flex: wide ? 1 : '0 0 140px' }}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
  const { type } = form;
  const at = displayText(server.hostname || server.node, 80);
  return (
    <Dialog onClose={onClose} title={connection === null ? `Forward a port through ${at}` : `Change the forward through ${at}`} size={480}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <SegmentedControl
            fullWidth
            aria-label="Way"
            data={types}
            value={type}
            onChange={(value) => change({ type: value as ForwardForm['type'] })}
          />
          <Text size="sm" c="dimmed">
            {explained[type]}
          </Text>
          {type === 'remote' && (
            <Group align="flex-start" gap="sm" wrap="nowrap">
              {field('listenHost', `Listen on, at ${at}`, 'localhost', true)}
              {field('listenPort', 'Port there', 'any')}
            </Group>
          )}
          {type !== 'remote' && connection === null && <Group>{field('localPort', 'Local port', 'any free port')}</Group>}
          {type !== 'dynamic' && (
            <Group align="flex-start" gap="sm" wrap="nowrap">
              {field('host', type === 'local' ? `To host, as ${at} sees it` : 'To host, as this computer sees it', 'localhost', true)}
              {field('port', 'To port', '8080')}
            </Group>
          )}
          <Switch
            label={`Start it with each terminal on ${at}`}
            checked={form.withTerminal}
            onChange={(event) => change({ withTerminal: event.currentTarget.checked })}
          />
          {failure !== '' && (
            <Text size="sm" c="red" role="alert">
              {displayText(failure, 500)}
            </Text>
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {connection === null ? 'Start' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
