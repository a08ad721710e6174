import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type Cluster, type ClusterKey, parseClusterKey } from '../../../shared/model/cluster.ts';
import { useApp, useClusters } from '../../state/context.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useTask } from '../../ui/use-task.ts';
import { askAboutCertificate, type CertificateFacts, isChanged } from './certificate-facts.ts';
import { CertificateStep } from './certificate-step.tsx';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';
import { LoginDialog } from './login-dialog.tsx';

interface Props {
  /** An address that is tried at once; empty for none. */
  given: string;
  onAnswer(key: ClusterKey | null): void;
}

/** An existing login at the address of `key`: nobody has to log in twice. */
const loggedIn = (list: readonly Cluster[], key: ClusterKey): ClusterKey | undefined =>
  list.find(({ address, status }) => status === 'signed-in' && address === parseClusterKey(key).address)?.key;

/**
 * Asks for an address until a proxy answers there, then continues with the login, unless there is one. Answers with the key of the
 * login.
 */
export function AddClusterDialog({ given, onAnswer }: Props) {
  const { main, clusters } = useApp();
  const list = useClusters();
  const task = useTask();
  const [address, setAddress] = useState(given);
  const [facts, setFacts] = useState<CertificateFacts | null>(null);
  const [added, setAdded] = useState<ClusterKey | null>(null);
  const add = (signal: AbortSignal) =>
    askAboutCertificate(async () => {
      const { key } = await main.call('clusters.add', { address }, { signal });
      const known = loggedIn(clusters.getState().list, key);
      if (known === undefined) setAdded(key);
      else onAnswer(known);
    }, setFacts);
  const start = useRef(() => task.run(add));
  useEffect(() => {
    if (given !== '') void start.current();
  }, [given]);
  if (added !== null) return <LoginDialog cluster={added} reason="" onAnswer={onAnswer} />;

  const changed = facts !== null && isChanged(facts, list);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim() !== '') void task.run(add);
  };
  const trust = (fingerprint: string) =>
    task.run(async (signal) => {
      await main.call('clusters.trust', { address, fingerprint }, { signal });
      setFacts(null);
      await add(signal);
    });
  return (
    <Dialog
      onClose={() => onAnswer(null)}
      title={facts ? (changed ? 'The certificate has changed' : 'Unknown certificate') : 'Add a cluster'}
      size={facts ? 520 : 440}
      closeOnClickOutside={!task.busy}
    >
      {facts ? (
        <CertificateStep
          address={address}
          facts={facts}
          changed={changed}
          busy={task.busy}
          onTrust={() => void trust(facts.fingerprint)}
          onBack={() => {
            task.cancel();
            setFacts(null);
          }}
        />
      ) : (
        <form onSubmit={submit}>
          <ErrorText error={task.error} />
          <TextInput
            data-autofocus
            label="Address"
            description="The address of the cluster’s web page, with its port if it has one"
            placeholder="teleport.example.com"
            value={address}
            maxLength={2048}
            readOnly={task.busy}
            onChange={(event) => setAddress(event.currentTarget.value)}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
          />
          <Group justify="flex-end" gap={8} mt="lg">
            {task.busy && <span className={classes.small}>Looking for the cluster…</span>}
            <Button variant="default" onClick={() => (task.busy ? task.cancel() : onAnswer(null))}>
              Cancel
            </Button>
            <Button type="submit" disabled={address.trim() === ''} loading={task.busy}>
              Continue
            </Button>
          </Group>
        </form>
      )}
    </Dialog>
  );
}
