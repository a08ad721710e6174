import { Button, Checkbox, Group } from '@mantine/core';
import { IconShieldQuestion, IconShieldX } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { displayText } from '../../ui/display-text.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import type { CertificateFacts } from './certificate-facts.ts';
import classes from './login.module.css';

interface Props {
  address: string;
  facts: CertificateFacts;
  changed: boolean;
  busy: boolean;
  onTrust(): void;
  onBack(): void;
}

const dateText = (text: string) => {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
};

/** The decision to trust a certificate that this computer cannot check, for one proxy. */
export function CertificateStep({ address, facts, changed, busy, onTrust, onBack }: Props) {
  const [compared, setCompared] = useState(false);
  return (
    <>
      {changed ? <ChangedLead address={address} trusted={facts.trusted !== ''} /> : <FirstLead address={address} />}
      <dl className={classes.facts}>
        {facts.trusted !== '' && <Fingerprint name="Trusted until now (SHA-256)" text={facts.trusted} />}
        <Fingerprint name={changed ? 'New fingerprint (SHA-256)' : 'Fingerprint (SHA-256)'} text={facts.fingerprint} />
        <dt>Issued to</dt>
        <dd>
          <Untrusted text={facts.subject || 'not stated'} wrap />
        </dd>
        <dt>Issued by</dt>
        <dd>
          <Untrusted text={facts.issuer || 'not stated'} wrap />
        </dd>
        <dt>Valid</dt>
        <dd>
          <Untrusted text={`${dateText(facts.validFrom)} – ${dateText(facts.validTo)}`} wrap />
        </dd>
      </dl>
      <Checkbox
        size="sm"
        mt="sm"
        checked={compared}
        onChange={(event) => setCompared(event.currentTarget.checked)}
        label={`I compared the ${changed ? 'new ' : ''}fingerprint with what the cluster’s administrator gave me`}
      />
      <p className={classes.small}>
        Only this certificate, and only for this cluster, will be trusted. Another certificate will be asked about again.
      </p>
      <Group justify="flex-end" gap={8} mt="md">
        <Button variant="default" onClick={onBack} data-autofocus>
          Do not trust
        </Button>
        <Button color={changed ? 'red' : 'orange'} disabled={!compared} loading={busy} onClick={onTrust}>
          {changed ? 'Trust the new certificate' : 'Trust this certificate'}
        </Button>
      </Group>
    </>
  );
}

function FirstLead({ address }: { address: string }) {
  return (
    <div className={classes.lead}>
      <IconShieldQuestion size={20} className={classes.warnIcon} aria-hidden />
      <p>
        This computer cannot check the certificate of <bdi className={classes.strong}>{displayText(address, 200)}</bdi>. That is usual for a test
        cluster that signs its own certificate. It can also mean that somebody is between you and the cluster.
      </p>
    </div>
  );
}

function ChangedLead({ address, trusted }: { address: string; trusted: boolean }) {
  return (
    <div className={classes.lead} role="alert">
      <IconShieldX size={20} className={classes.badIcon} aria-hidden />
      <p>
        The certificate of <bdi className={classes.strong}>{displayText(address, 200)}</bdi> has changed.{' '}
        {trusted ? 'It is not the one that you chose to trust.' : 'Until now this computer could check it; the new one it cannot.'} Somebody may be
        between you and the cluster, and read your password. Do not go on until the administrator has told you the new fingerprint.
      </p>
    </div>
  );
}

function Fingerprint({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={classes.fingerprint}>
        <code>{displayText(text, 200)}</code>
        <CopyButton text={text} label={`Copy: ${name}`} />
      </dd>
    </>
  );
}
