import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import { useClusters, useMain } from '../../state/context.tsx';
import { askAboutCertificate, type CertificateFacts, isChanged } from './certificate-facts.ts';
import { CertificateStep } from './certificate-step.tsx';
import { ErrorText } from './error-text.tsx';
import classes from './login.module.css';
import { LoginDialog } from './login-dialog.tsx';
import { useTask } from './use-task.ts';

interface Props {
  /** An address that is looked for at once; empty for none. */
  given: string;
  onAnswer(key: ClusterKey | null): void;
}

/** Asks for an address until a proxy answers there, then goes on with the login. Answers with the key logged in to. */
export function AddClusterDialog({ given, onAnswer }: Props) {
  const main = useMain();
  const clusters = useClusters();
  const task = useTask();
  const [address, setAddress] = useState(given);
  const [facts, setFacts] = useState<CertificateFacts | null>(null);
  const [added, setAdded] = useState<ClusterKey | null>(null);
  const add = (signal: AbortSignal) =>
    askAboutCertificate(async () => setAdded((await main.call('clusters.add', { address }, { signal })).key), setFacts);
  const start = useRef(() => task.run(add));
  useEffect(() => {
    if (given !== '') start.current();
  }, [given]);
  if (added !== null) return <LoginDialog cluster={added} reason="" onAnswer={onAnswer} />;

  const changed = facts !== null && isChanged(facts, clusters);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim() !== '') task.run(add);
  };
  const trust = (fingerprint: string) =>
    task.run(async (signal) => {
      await main.call('clusters.trust', { address, fingerprint }, { signal });
      setFacts(null);
      await add(signal);
    });
  return (
    <Modal
      opened
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
          onTrust={() => trust(facts.fingerprint)}
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
    </Modal>
  );
}
