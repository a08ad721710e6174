import { Button, Group, ScrollArea } from '@mantine/core';
import classes from './login.module.css';

/** A message of the day is a page at most; a hostile server could send megabytes. */
const most = 20_000;

/** The cluster's message of the day, which must be acknowledged before each login. */
export function MotdStep({ text, onRead, onCancel }: { text: string; onRead(): void; onCancel(): void }) {
  return (
    <>
      <ScrollArea.Autosize mah={320} type="auto" className={classes.motd}>
        <pre>{text.slice(0, most)}</pre>
      </ScrollArea.Autosize>
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
