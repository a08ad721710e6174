import { Button, Group, SegmentedControl, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { SshTarget } from '../../../shared/model/document.ts';
import { useApp, useConnections } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { displayText } from '../../ui/display-text.ts';
import { useTask } from '../../ui/use-task.ts';
import { openAndShow } from '../../workbench/connection-actions.ts';
import { type ForwardForm, formOf, parseForward } from './sections/forward-form.ts';

interface Props {
  server: SshTarget;
  /** A saved forward to change; null for a new one. */
  connection: string | null;
  onClose(): void;
}

const types: { value: ForwardForm['type']; label: string }[] = [
  { value: 'local', label: 'Local' },
  { value: 'remote', label: 'Remote' },
  { value: 'dynamic', label: 'SOCKS proxy' },
];
const explained = {
  local: 'A port of this computer leads to a host and port that the server can reach.',
  remote: 'A port of the server leads to a host and port that this computer can reach.',
  dynamic: 'Programs that speak SOCKS5 reach everything the server can reach.',
} as const;

/** A port forward over SSH: in which direction, from where, to where. */
export default function ForwardDialog({ server, connection, onClose }: Props) {
  const { form, problems, change, task, submit } = useForwardForm({ server, connection, onClose });
  const { type } = form;
  const at = displayText(server.hostname || server.node, 80);
  const isNew = connection === null;
  const field = { form, problems, onChange: change };
  return (
    <Dialog onClose={onClose} title={isNew ? `Forward a port through ${at}` : `Change the forward through ${at}`} size={480}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <SegmentedControl fullWidth aria-label="Direction" data={types} value={type} onChange={(value) => change({ type: value })} />
          <Text size="sm" c="dimmed">
            {explained[type]}
          </Text>
          {type === 'remote' && (
            <Group align="flex-start" gap="sm" wrap="nowrap">
              <Field name="listenHost" label={`Listen on, at ${at}`} placeholder="localhost" wide {...field} />
              <Field name="listenPort" label="Port there" placeholder="any" {...field} />
            </Group>
          )}
          {type !== 'remote' && isNew && (
            <Group>
              <Field name="localPort" label="Local port" placeholder="any free port" {...field} />
            </Group>
          )}
          {type !== 'dynamic' && (
            <Group align="flex-start" gap="sm" wrap="nowrap">
              <Field
                name="host"
                label={type === 'local' ? `To host, as ${at} sees it` : 'To host, as this computer sees it'}
                placeholder="localhost"
                wide
                {...field}
              />
              <Field name="port" label="To port" placeholder="8080" {...field} />
            </Group>
          )}
          <Switch
            label={`Start it with each terminal on ${at}`}
            checked={form.withTerminal}
            onChange={(event) => change({ withTerminal: event.currentTarget.checked })}
          />
          {task.error && (
            <Text size="sm" c="red" role="alert">
              {displayText(task.error.message, 500)}
            </Text>
          )}
          <Group justify="flex-end" gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={task.busy}>
              {isNew ? 'Start' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

type Problems = Partial<Record<keyof ForwardForm, string>>;

function useForwardForm({ server, connection, onClose }: Props) {
  const app = useApp();
  const row = useConnections(({ rows }) => (connection === null ? undefined : rows[connection]));
  const [form, setForm] = useState<ForwardForm>(() => formOf(row));
  const [problems, setProblems] = useState<Problems>({});
  const task = useTask();
  const change = (next: Partial<ForwardForm>) => {
    setForm({ ...form, ...next });
    setProblems({});
    task.cancel();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseForward(form);
    if (!parsed.ok) return setProblems(parsed.problems);
    const { forward, port } = parsed;
    const { withTerminal } = form;
    if (connection === null) {
      onClose();
      void openAndShow(app, { kind: 'forward', server, forward, withTerminal }, 'resource_table', { port });
      return;
    }
    void task.run(async () => {
      await app.sessionHost().call('connections.change-forward', { id: connection, forward, withTerminal });
      onClose();
    });
  };
  return { form, problems, change, task, submit };
}

interface FieldProps {
  name: 'localPort' | 'listenHost' | 'listenPort' | 'host' | 'port';
  label: string;
  placeholder: string;
  wide?: boolean;
  form: ForwardForm;
  problems: Problems;
  onChange(change: Partial<ForwardForm>): void;
}

function Field({ name, label, placeholder, wide = false, form, problems, onChange }: FieldProps) {
  const first = form.type === 'dynamic' ? 'localPort' : 'host';
  return (
    <TextInput
      label={label}
      data-autofocus={name === first || undefined}
      placeholder={placeholder}
      value={form[name]}
      error={problems[name]}
      maxLength={255}
      spellCheck={false}
      style={{ flex: wide ? 1 : '0 0 140px' }}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
    />
  );
}
