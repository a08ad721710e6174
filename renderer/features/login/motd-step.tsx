import { Button, Group } from '@mantine/core';
import classes from './login.module.css';

const most = 20_000;

/** The cluster's message of the day, which must be acknowledged before each login. */
export function MotdStep({ text, onRead, onCancel }: { text: string; onRead(): void; onCancel(): void }) {
  return (
    <>
      <pre className={classes.motd} tabIndex={0} aria-label="Message of the cluster">
        {text.slice(0, most)}
      </pre>
      <Group justify="flex-end" gap={8} mt="md">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button onClick={onRead} data-autofocus>
          Acknowledge
        </Button>
      </Group>
    </>
  );
}
