import type { ReactNode } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './gateways.module.css';

/** A name and what stands beside it. */
export function Field({ name, help, children }: { name: string; help?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.field}>
      <dt>{name}</dt>
      <dd>
        <div className={classes.value}>{children}</div>
        {help && <div className={classes.help}>{help}</div>}
      </dd>
    </div>
  );
}

export function CopyField({ name, text, help }: { name: string; text: string; help?: ReactNode }) {
  return (
    <Field name={name} help={help}>
      <Untrusted text={text} most={1000} wrap mono className={classes.copied} />
      <CopyButton text={text} label={`Copy ${name.toLowerCase()}`} />
    </Field>
  );
}
