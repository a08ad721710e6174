import { IconBrandGithub, IconKey } from '@tabler/icons-react';
import type { AuthSettings } from '../../../shared/model/cluster.ts';
import { Untrusted } from '../../ui/untrusted.tsx';
import classes from './login.module.css';

/** The single sign-on that the cluster offers, named so that nobody looks for it in vain. */
export function Connectors({ connectors, alone }: { connectors: AuthSettings['connectors']; alone: boolean }) {
  return (
    <section aria-label="Single sign-on">
      <p className={classes.small} style={{ margin: alone ? '0 0 8px' : '6px 0 8px' }}>
        {alone ? 'This cluster logs people in through single sign-on only.' : 'This cluster also offers single sign-on.'} Slipway cannot do that yet:
        log in with <code>tsh login</code>, then choose “Use my tsh logins” in the settings.
      </p>
      <div className={classes.stack}>
        {connectors.slice(0, 20).map((connector) => (
          <div key={`${connector.type}/${connector.name}`} className={classes.connector}>
            {connector.type === 'github' ? <IconBrandGithub size={16} aria-hidden /> : <IconKey size={16} aria-hidden />}
            <Untrusted text={connector.display || connector.name} most={100} />
          </div>
        ))}
      </div>
    </section>
  );
}
