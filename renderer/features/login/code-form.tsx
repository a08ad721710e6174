import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';

const digits = 6;

interface Props {
  busy: boolean;
  error: ErrorData | null;
  onSubmit(code: string): void;
  onBack(): void;
}

/** The six digits of an authenticator app, typed or pasted; sent by themselves when they are complete. */
export function CodeForm({ busy, error, onSubmit, onBack }: Props) {
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (!error) return;
    setCode('');
    input.current?.focus();
  }, [error]);
  const change = (text: string) => {
    const next = text.replace(/\D/g, '').slice(0, digits);
    setCode(next);
    if (next.length === digits && next !== code && !busy) onSubmit(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.length === digits && !busy) onSubmit(code);
  };
  return (
    <form onSubmit={submit}>
      <ErrorText error={error} />
      <TextInput
        ref={input}
        className={classes.code}
        label="Authentication code"
        description="The six digits that your authenticator app shows for this cluster"
        value={code}
        readOnly={busy}
        onChange={(event) => change(event.currentTarget.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
        spellCheck={false}
      />
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={onBack}>
          Back
        </Button>
        <Button type="submit" disabled={code.length < digits} loading={busy}>
          Log in
        </Button>
      </Group>
    </form>
  );
}
