/*
 * The login feature. `LoginDialog` asks main what the cluster offers and shows its message of the day; `useLogin` then follows the
 * login's stream, in which main asks one question at a time; `PasswordForm` and `CodeForm` answer them. `AddClusterDialog` finds a
 * proxy first. Both can be interrupted by `CertificateStep`, the person's decision about a certificate that this computer cannot
 * verify.
 */
import { Button, Center, Group, Loader } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import { type AuthSettings, type ClusterKey, parseClusterKey } from '../../../shared/model/cluster.ts';
import { clusterLabel } from '../../state/clusters.ts';
import { useCluster, useClusters, useMain } from '../../state/context.tsx';
import { ClusterBadge } from '../../ui/cluster-badge.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import { useTask } from '../../ui/use-task.ts';
import { askAboutCertificate, type CertificateFacts, isChanged } from './certificate-facts.ts';
import { CertificateStep } from './certificate-step.tsx';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';
import { LoginForms } from './login-forms.tsx';
import { MotdStep } from './motd-step.tsx';

interface Props {
  cluster: ClusterKey;
  /** Why a login is needed, when the person did not ask for it; else empty. */
  reason: string;
  onAnswer(key: ClusterKey | null): void;
}

/** Logs in to one cluster: what the cluster says about logins, its message of the day, then the login itself. */
export function LoginDialog({ cluster: key, reason, onAnswer }: Props) {
  const main = useMain();
  const cluster = useCluster(key);
  const clusters = useClusters();
  const task = useTask();
  const { run } = task;
  const { address } = parseClusterKey(key);
  const [settings, setSettings] = useState<AuthSettings | null>(null);
  const [facts, setFacts] = useState<CertificateFacts | null>(null);
  const [read, setRead] = useState(false);

  const load = useCallback(
    (signal: AbortSignal) => askAboutCertificate(async () => setSettings(await main.call('clusters.auth-settings', { key }, { signal })), setFacts),
    [main, key],
  );
  useEffect(() => void run(load), [run, load]);

  const trust = (fingerprint: string) =>
    run(async (signal) => {
      await main.call('clusters.trust', { address, fingerprint }, { signal });
      setFacts(null);
      await load(signal);
    });
  const close = () => onAnswer(null);
  const changed = facts !== null && isChanged(facts, clusters);
  const title = facts ? (changed ? 'The certificate has changed' : 'Unknown certificate') : 'Log in';
  return (
    <Dialog onClose={close} title={title} size={facts ? 520 : 420} closeOnClickOutside={false}>
      {!facts && (
        <div className={classes.who}>
          <ClusterBadge cluster={key} label={clusterLabel(key, cluster)} size={32} />
          <div>
            <Untrusted text={settings?.clusterName || clusterLabel(key, cluster)} className={classes.whoName} />
            <div className={classes.whoAddress}>
              <Untrusted text={address} />
            </div>
          </div>
        </div>
      )}
      {facts ? (
        <CertificateStep
          address={address}
          facts={facts}
          changed={changed}
          busy={task.busy}
          onTrust={() => void trust(facts.fingerprint)}
          onBack={close}
        />
      ) : !settings ? (
        <NoSettings error={task.error} onRetry={() => void run(load)} onClose={close} />
      ) : settings.motd.trim() !== '' && !read ? (
        <MotdStep text={settings.motd} onRead={() => setRead(true)} onCancel={close} />
      ) : (
        <>
          {reason !== '' && (
            <p className={classes.reason}>
              <bdi>{reason}</bdi>
            </p>
          )}
          {settings.versionWarning && (
            <p className={classes.warning} role="status">
              {settings.versionWarning}
            </p>
          )}
          <LoginForms clusterKey={key} settings={settings} onDone={onAnswer} onCancel={close} />
        </>
      )}
    </Dialog>
  );
}

/** The cluster is asked how to log in, or could not be. */
function NoSettings({ error, onRetry, onClose }: { error: ErrorData | null; onRetry(): void; onClose(): void }) {
  if (!error) {
    return (
      <Center h={120} tabIndex={0} data-autofocus style={{ outline: 'none' }}>
        <Loader size="sm" aria-label="Asking the cluster how to log in" />
      </Center>
    );
  }
  return (
    <>
      <ErrorText error={error} />
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={onRetry} data-autofocus>
          Try again
        </Button>
      </Group>
    </>
  );
}
