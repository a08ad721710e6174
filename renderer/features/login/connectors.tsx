import { Button } from '@mantine/core';
import { IconBrandGithub, IconKey } from '@tabler/icons-react';
import type { AuthSettings, Connector } from '../../../shared/model/cluster.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './login.module.css';

interface Props {
  connectors: AuthSettings['connectors'];
  /** There is no password to log in with: the first one has the focus. */
  alone: boolean;
  busy: boolean;
  onChoose(connector: Connector): void;
}

/** More than a person can tell apart; a cluster with so many asks for the user name first. */
const most = 50;

/** The cluster's ways of single sign-on, one button each. */
export function Connectors({ connectors, alone, busy, onChoose }: Props) {
  return (
    <section aria-label="Single sign-on" className={classes.stack}>
      {!alone && (
        <p className={classes.small} style={{ margin: '6px 0 0' }}>
          or with single sign-on, in your browser
        </p>
      )}
      {connectors.slice(0, most).map((connector, index) => (
        <Button
          key={`${connector.type}/${connector.name}`}
          variant="default"
          justify="flex-start"
          fullWidth
          disabled={busy}
          data-autofocus={(alone && index === 0) || undefined}
          leftSection={connector.type === 'github' ? <IconBrandGithub size={16} aria-hidden /> : <IconKey size={16} aria-hidden />}
          onClick={() => onChoose(connector)}
        >
          <Untrusted text={connector.display || connector.name} most={60} />
        </Button>
      ))}
    </section>
  );
}
