import { Button } from '@mantine/core';
import { useState } from 'react';
import type { AccessRequestDetail } from '../../../../shared/model/access-request.ts';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { confirm } from '../../../state/dialogs.ts';
import { useTask } from '../../../ui/use-task.ts';
import { askAgain, assume, drop } from '../../../workbench/request-actions.ts';
import { relogin } from '../../../workbench/with-relogin.ts';
import { Refusal } from '../ask/refusal.tsx';
import classes from '../details.module.css';

interface Props {
  cluster: Cluster;
  detail: AccessRequestDetail;
  /** The server's time. */
  now: number;
}

type Doing = 'assume' | 'drop' | 'withdraw';

/** What a person can do with an own request: assume the access, drop it, withdraw it, ask again. */
export function OwnActions({ cluster, detail: { request, assumeBlocked }, now }: Props) {
  const app = useApp();
  const overview = useRequestsOverview(cluster.key);
  const { busy, error, run } = useTask();
  const [doing, setDoing] = useState<Doing>('assume');
  const perform = (what: Doing, action: () => Promise<unknown>) => {
    setDoing(what);
    return run(action);
  };
  const { id, state, assumed, expires } = request;
  const over = expires !== null && expires <= now;
  const takeable = state === 'approved' && !assumed && assumeBlocked === '' && !over;
  const withdraw = async () => {
    const agreed = await confirm(app.dialogs, {
      title: 'Withdraw this request?',
      text: 'It is deleted for its reviewers too. You can ask again.',
      action: 'Withdraw',
      danger: true,
    });
    if (agreed) await perform('withdraw', () => app.main.call('requests.delete', { cluster: cluster.key, id }));
  };
  return (
    <section className={classes.actions} aria-label="Your request">
      {state === 'promoted' && (
        <p className={classes.hint}>
          You were added to an access list. Its access is in your next login:{' '}
          <TextButton onClick={() => void relogin(app, cluster.key, 'to use the access that you were given')}>log in again</TextButton>.
        </p>
      )}
      {state === 'approved' && !assumed && assumeBlocked !== '' && <p className={classes.hint}>{assumeBlocked}</p>}
      {takeable && (overview?.counts.approved ?? 0) > 1 && (
        <p className={classes.hint}>
          Mark several in the list with X or {app.info.platform === 'darwin' ? 'Command' : 'Ctrl'} and a click to assume them together.
        </p>
      )}
      <div className={classes.buttons}>
        {takeable && (
          <Button loading={busy && doing === 'assume'} disabled={busy} onClick={() => void perform('assume', () => assume(app, cluster.key, [id]))}>
            Assume this access
          </Button>
        )}
        {assumed && (
          <Button
            variant="default"
            loading={busy && doing === 'drop'}
            disabled={busy}
            onClick={() => void perform('drop', () => drop(app, cluster.key, [id]))}
          >
            Drop this access
          </Button>
        )}
        {(state === 'denied' || over) && (
          <Button variant="default" onClick={() => void askAgain(app, cluster.key, request)}>
            Ask again
          </Button>
        )}
        {state === 'pending' && (
          <Button variant="default" loading={busy && doing === 'withdraw'} disabled={busy} onClick={() => void withdraw()}>
            Withdraw…
          </Button>
        )}
      </div>
      <Refusal error={error} />
    </section>
  );
}

function TextButton({ children, onClick }: { children: string; onClick(): void }) {
  return (
    <button type="button" className={classes.more} onClick={onClick}>
      {children}
    </button>
  );
}
