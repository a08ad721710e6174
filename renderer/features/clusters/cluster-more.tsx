import { Button } from '@mantine/core';
import type { Cluster } from '../../../shared/model/cluster.ts';
import { useApp } from '../../state/context.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import { relogin } from '../../workbench/with-relogin.ts';
import classes from './clusters.module.css';
import { forget, logOut } from './leave-cluster.ts';

/** The details of a cluster login, and the actions on it. */
export function ClusterMore({ id, cluster, onClose }: { id: string; cluster: Cluster; onClose(): void }) {
  const app = useApp();
  const signedOut = cluster.status === 'signed-out';
  const then = (action: () => Promise<unknown>) => () => {
    onClose();
    void action();
  };
  const refresh = () =>
    app.main
      .call('clusters.refresh', { key: cluster.key })
      .catch((caught) => app.notifications.getState().notifyError(`${displayText(cluster.name, 100)} could not be refreshed`, caught));
  return (
    <div id={id} className={classes.more}>
      {cluster.problem && (
        <p className={classes.problemText}>
          <bdi>{displayText(cluster.problem.message, 300)}</bdi>
        </p>
      )}
      <dl className={classes.facts}>
        <Fact name="Address" text={cluster.address} />
        <Fact name="Roles" text={cluster.roles.join(', ')} />
        <Fact name="Logins" text={cluster.logins.join(', ')} />
        <Fact name="Version" text={cluster.serverVersion ?? ''} />
        <Fact name="Trusts" text={cluster.trustedFingerprint ?? ''} />
      </dl>
      <div className={classes.actions}>
        <Button size="compact-sm" variant="default" onClick={then(() => relogin(app, cluster.key, ''))}>
          {cluster.status === 'signed-in' ? 'Log in again' : 'Log in'}
        </Button>
        {!signedOut && (
          <>
            <Button size="compact-sm" variant="default" onClick={then(refresh)}>
              Refresh
            </Button>
            <Button size="compact-sm" variant="default" onClick={then(() => logOut(app, cluster))}>
              Log out
            </Button>
          </>
        )}
        <Button size="compact-sm" variant="subtle" color="red" onClick={then(() => forget(app, cluster))}>
          Forget
        </Button>
      </div>
    </div>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  if (text === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Untrusted text={text} most={200} wrap />
      </dd>
    </>
  );
}
