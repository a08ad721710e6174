import { IconBasket, IconBasketCheck, IconHourglass, IconKey } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { resourceIdText } from '../../../../shared/model/access-request.ts';
import type { ClusterKey } from '../../../../shared/model/cluster.ts';
import type { Resource } from '../../../../shared/model/resource.ts';
import { useApp } from '../../../state/context.tsx';
import { type RequestMark, requestable, requestMark } from '../../../state/requests.ts';
import { displayText } from '../../../ui/display-text.ts';
import { showRequests } from '../../../workbench/documents.ts';
import { addToBasket, changeBasket } from '../../../workbench/request-actions.ts';
import classes from '../resources.module.css';

const faces: Record<RequestMark, { text: string; says: string; Icon: typeof IconKey }> = {
  '': { text: 'Request', says: 'Request access to', Icon: IconBasket },
  basket: { text: 'In basket', says: 'Take out of the request:', Icon: IconBasketCheck },
  requested: { text: 'Requested', says: 'Show the request for', Icon: IconHourglass },
  granted: { text: 'Approved', says: 'Show the approved request for', Icon: IconKey },
};

interface Props {
  resource: Resource;
  cluster: ClusterKey;
  /** In a list row: reached by the list's own keys. */
  inRow?: boolean;
}

/** Where a resource that is not this person's yet stands, and the next step: into the basket, out of it, or to its request. */
export function RequestButton({ resource, cluster, inRow = false }: Props) {
  const app = useApp();
  const mark = useStore(app.requests, ({ overviews }) => requestMark(overviews[cluster], resource));
  const offered = useStore(app.requests, ({ overviews }) => overviews[cluster]?.features.resourceRequests ?? false);
  const { text, says, Icon } = faces[mark];
  if (!offered) return null;
  const named = requestable(resource);
  const act = () => {
    if (mark === '') void addToBasket(app, cluster, { resources: [named] });
    else if (mark === 'basket') void changeBasket(app, cluster, 'remove', { resources: [named] });
    else
      showRequests(app, cluster, {
        scope: 'mine',
        request: app.requests.getState().overviews[cluster]?.resources[resourceIdText(named.id)]?.request ?? '',
      });
  };
  return (
    <button
      type="button"
      tabIndex={inRow ? -1 : 0}
      className={classes.connect}
      data-mark={mark || undefined}
      aria-label={`${says} ${displayText(resource.name, 100)}`}
      aria-pressed={mark === '' || mark === 'basket' ? mark === 'basket' : undefined}
      onDoubleClick={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        act();
      }}
    >
      <Icon size={12} aria-hidden />
      {text}
    </button>
  );
}

/** A word beside the name of a resource that is there because a request is assumed. */
export function GrantedMark({ resource, cluster }: Omit<Props, 'inRow'>) {
  const { requests } = useApp();
  const granted = useStore(requests, ({ overviews }) => requestMark(overviews[cluster], resource) === 'granted');
  return granted ? <span className={classes.granted}>assumed</span> : null;
}
