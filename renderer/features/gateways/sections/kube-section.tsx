import { Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ConnectionRow } from '../../../../shared/model/gateway.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { tell } from '../../../workbench/connection-actions.ts';
import { CopyField, Field } from '../field.tsx';
import classes from '../gateways.module.css';

/** The kubeconfig of the connection, and the person's own. */
export function KubeSection({ row, kube }: { row: ConnectionRow; kube: NonNullable<ConnectionRow['kube']> }) {
  const app = useApp();
  const [namespace, setNamespace] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const commit = () => {
    if (namespace !== null && namespace.trim() !== kube.namespace)
      void tell(
        app,
        'The namespace could not be changed',
        app.sessionHost().call('connections.change-namespace', { id: row.id, namespace: namespace.trim() }),
      );
    setNamespace(null);
  };
  const merge = async (merged: boolean) => {
    setBusy(true);
    await tell(
      app,
      merged ? 'Your kubeconfig was left as it is' : 'The context is still in your kubeconfig',
      app.sessionHost().call('connections.merge-kubeconfig', { id: row.id, merged }),
    );
    setBusy(false);
  };
  return (
    <section className={classes.section} aria-label="kubectl">
      <h2>kubectl</h2>
      <dl className={classes.fields}>
        <CopyField
          name="Kubeconfig"
          text={kube.kubeconfig}
          help="Set as KUBECONFIG in terminals of this connection. It is there while the connection is open."
        />
        <CopyField name="Context" text={kube.context} />
        <Field name="Namespace" help="What kubectl takes when none is named.">
          <TextInput
            aria-label="Namespace"
            value={namespace ?? kube.namespace}
            placeholder="the cluster’s own"
            maxLength={253}
            w={240}
            spellCheck={false}
            onChange={(event) => setNamespace(event.currentTarget.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape') setNamespace(null);
            }}
          />
        </Field>
        <Field
          name="For other tools"
          help={`Adds the context to ${displayText(kube.ownKubeconfig, 300)} and takes it out again; the rest of that file stays as it is, and a copy is kept.`}
        >
          <Switch
            label="In my own kubeconfig too"
            checked={kube.merged}
            disabled={busy || (!kube.merged && row.state !== 'open')}
            onChange={(event) => void merge(event.currentTarget.checked)}
          />
        </Field>
      </dl>
    </section>
  );
}
