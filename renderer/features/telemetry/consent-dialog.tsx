import { Button } from '@mantine/core';
import { IconEyeOff, IconHash, IconMapPin, IconSend } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useMain } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useTask } from '../../ui/use-task.ts';
import classes from './consent-dialog.module.css';

/** May usage events be recorded? Two answers of one weight; closing leaves the question for the next start. */
export function ConsentDialog({ collector, opened }: { collector: string; opened: boolean }) {
  const main = useMain();
  const { busy, error, run } = useTask();
  const decide = (answer: 'allow' | 'decline' | 'later') => void run(() => main.call('telemetry.decide', { answer }));
  return (
    <Dialog
      opened={opened}
      onClose={() => decide('later')}
      title="May Slipway record how it is used?"
      size={600}
      yOffset="2dvh"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Decide later' }}
    >
      <p className={classes.lead}>
        Usage events show the people who make Slipway which parts matter. Everything works the same whichever you choose.
      </p>
      <dl className={classes.facts}>
        <Fact icon={<IconSend size={16} />} name="What is sent">
          That you logged in, opened a connection, made or answered an access request, or moved a file: what kind, when, and from where in the app. A
          login adds your operating system, the processor type and Slipway’s version. Each event carries a random number of this installation.
        </Fact>
        <Fact icon={<IconEyeOff size={16} />} name="What never is">
          Names or addresses of servers, commands, files, anything on your screen, what you search for, passwords and keys.
        </Fact>
        <Fact icon={<IconHash size={16} />} name="How names are hidden">
          Your user name and the cluster’s name are replaced by codes on this computer (HMAC-SHA-256 under the cluster’s own id). They cannot be read
          back; somebody who has that id can only check whether a name they guess fits.
        </Fact>
        <Fact icon={<IconMapPin size={16} />} name="Where it goes">
          {collector === '' ? 'No collector is set: events stay on this computer.' : <Untrusted text={collector} most={300} wrap mono />}
        </Fact>
      </dl>
      <p className={classes.note}>You can look at every event, and change your mind at any time, in Settings under “Usage events”.</p>
      {error && (
        <p className={classes.problem} role="alert">
          {error.message}
        </p>
      )}
      <div className={classes.answers}>
        <Button variant="default" fullWidth disabled={busy} onClick={() => decide('decline')}>
          Decline
        </Button>
        <Button variant="default" fullWidth disabled={busy} onClick={() => decide('allow')}>
          Allow
        </Button>
      </div>
    </Dialog>
  );
}

function Fact({ icon, name, children }: { icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
