import { Button, CloseButton } from '@mantine/core';
import { IconBasket } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { resourceIdText } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import { useApp, useRequestsOverview } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { Untrusted } from '../../../ui/untrusted.tsx';
import { changeBasket } from '../../../workbench/request-actions.ts';
import classes from '../bars.module.css';
import { resourceName } from '../request-words.ts';

const chipsShown = 5;

/** What is gathered for the next request on the cluster, and the way to send it. */
export function BasketBar({ cluster }: { cluster: ClusterKey }) {
  const app = useApp();
  const overview = useRequestsOverview(cluster);
  const asking = useStore(app.requests, (state) => state.asking);
  if (!overview || asking !== null) return null;
  const { roles, resources } = overview.basket;
  const items = [
    ...roles.map((role) => ({ key: `role ${role}`, name: displayText(role, 100), things: { roles: [role] } })),
    ...resources.map((resource) => ({ key: resourceIdText(resource.id), name: resourceName(resource), things: { resources: [resource] } })),
  ];
  if (items.length === 0) return null;
  return (
    <section className={classes.basket} aria-label="Gathered for a request">
      <IconBasket size={15} aria-hidden />
      <span className={classes.title}>To request</span>
      <span className={classes.chips}>
        {items.slice(0, chipsShown).map(({ key, name, things }) => (
          <span key={key} className={classes.chip}>
            <Untrusted text={name} most={60} />
            <CloseButton size={16} iconSize={11} aria-label={`Remove ${name}`} onClick={() => void changeBasket(app, cluster, 'remove', things)} />
          </span>
        ))}
        {items.length > chipsShown && <span className={classes.more}>and {items.length - chipsShown} more</span>}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => void changeBasket(app, cluster, 'replace', {})}>
        Clear
      </Button>
      <Button size="compact-sm" onClick={() => app.requests.setState({ asking: cluster })}>
        Continue…
      </Button>
    </section>
  );
}
