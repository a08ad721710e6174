import { Button, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { jobRoles } from '../../../shared/model/telemetry.ts';
import { useMain } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useTask } from '../../ui/use-task.ts';
import classes from './consent-dialog.module.css';

const other = 'other';

/** Asked once, after usage events were allowed. Closing it is a skip. */
export function JobRoleDialog({ opened }: { opened: boolean }) {
  const main = useMain();
  const { busy, error, run } = useTask();
  const [choice, setChoice] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const role = (choice === other ? words : (choice ?? '')).trim();
  const answer = (value: string | null) => void run(() => main.call('telemetry.job-role', { role: value }));
  return (
    <Dialog
      opened={opened}
      onClose={() => answer(null)}
      title="What is your work?"
      size={440}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Skip' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (role !== '') answer(role);
        }}
      >
        <p className={classes.lead}>
          One more usage event, if you like. Your answer is sent as it stands, without your name. You are asked this once.
        </p>
        <Radio.Group value={choice} onChange={setChoice} aria-label="Your work">
          <div className={classes.roles}>
            {jobRoles.map((name) => (
              <Radio key={name} value={name} label={name} size="sm" />
            ))}
            <Radio value={other} label="Something else" size="sm" />
          </div>
        </Radio.Group>
        {choice === other && (
          <TextInput
            aria-label="Your work, in your words"
            placeholder="In your words"
            value={words}
            maxLength={100}
            onChange={(event) => setWords(event.currentTarget.value)}
            autoFocus
          />
        )}
        {error && (
          <p className={classes.problem} role="alert">
            {error.message}
          </p>
        )}
        <div className={classes.answers}>
          <Button variant="default" fullWidth disabled={busy} onClick={() => answer(null)}>
            Skip
          </Button>
          <Button type="submit" fullWidth disabled={busy || role === ''}>
            Send
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
