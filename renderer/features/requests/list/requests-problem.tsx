import { Button } from '@mantine/core';
import { IconInbox, IconLogin2, IconSearchOff } from '@tabler/icons-react';
import type { ErrorData } from '../../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../../shared/model/cluster.ts';
import { useApp } from '../../../state/context.tsx';
import { displayText } from '../../../ui/display-text.ts';
import { FailureView } from '../../../ui/failure-view.tsx';
import { MessageView } from '../../../ui/message-view.tsx';
import { relogin } from '../../../workbench/with-relogin.ts';
import type { RequestsChange, RequestsDocumentData } from './requests-document-data.ts';

interface Props {
  document: RequestsDocumentData;
  cluster: Cluster;
  /** Null when there simply are none. */
  error: ErrorData | null;
  onChange(change: RequestsChange): void;
}

const nothing = {
  waiting: { title: 'Nothing waits for your review', text: 'Requests that you may approve or deny appear here the moment they are made.' },
  mine: { title: 'You have asked for nothing', text: 'Ask for a role, or for a resource from the resources page; the request is followed here.' },
  reviewed: { title: 'You have reviewed nothing yet', text: 'Requests that you approved or denied appear here as long as the cluster keeps them.' },
  all: { title: 'No access requests', text: 'Requests of yours, and those you may see, appear here the moment they are made.' },
};

/** Why there are no rows, and the way on. */
export function RequestsProblem({ document, cluster, error, onChange }: Props) {
  const app = useApp();
  const name = displayText(cluster.name, 100);
  const refresh = () =>
    void app.main
      .call('requests.refresh', { cluster: cluster.key })
      .catch((caught) => app.notifications.getState().notifyError('The requests could not be read', caught));
  if (error?.code === 'expired') {
    return (
      <MessageView icon={<IconLogin2 size={22} />} title="You are not logged in" text={`Log in to ${name} to see its access requests.`}>
        <Button onClick={() => void relogin(app, cluster.key, '')}>Log in</Button>
      </MessageView>
    );
  }
  if (error) {
    return (
      <FailureView name={name} title="The access requests could not be read" error={error}>
        <Button onClick={refresh}>Try again</Button>
      </FailureView>
    );
  }
  if (document.search.trim() !== '' || document.states.length > 0) {
    return (
      <MessageView icon={<IconSearchOff size={22} />} title="Nothing matches" text="No request here fits the search and the filters.">
        <Button variant="default" onClick={() => onChange({ search: '', states: [] })}>
          Clear search and filters
        </Button>
      </MessageView>
    );
  }
  const { title, text } = nothing[document.scope];
  return (
    <MessageView icon={<IconInbox size={22} />} title={title} text={text}>
      {document.scope !== 'waiting' && document.scope !== 'reviewed' && (
        <Button variant="default" onClick={() => app.requests.setState({ asking: cluster.key })}>
          New request
        </Button>
      )}
    </MessageView>
  );
}
