import { Button } from '@mantine/core';
import { IconLogin2, IconMoodEmpty, IconSearchOff } from '@tabler/icons-react';
import type { ErrorData } from '../../../shared/errors/app-error.ts';
import type { Cluster } from '../../../shared/model/cluster.ts';
import type { Document } from '../../../shared/model/document.ts';
import { displayText } from '../../ui/display-text.ts';
import { FailureView } from '../../ui/failure-view.tsx';
import { MessageView } from '../../ui/message-view.tsx';

interface Props {
  document: Extract<Document, { kind: 'resources' }>;
  cluster: Cluster;
  /** Null when the answer was simply empty. */
  error: ErrorData | null;
  onRetry(): void;
  onClear(): void;
}

/** Why there are no rows, and the way on. */
export function ResourceProblem({ document, cluster, error, onRetry, onClear }: Props) {
  const name = displayText(document.leaf || cluster.name, 100);
  if (error?.code === 'expired') {
    return (
      <MessageView icon={<IconLogin2 size={22} />} title="You are not logged in" text={`Log in to ${name} to see its resources.`}>
        <Button onClick={onRetry}>Log in</Button>
      </MessageView>
    );
  }
  if (error) {
    return (
      <FailureView name={name} title="The resources could not be loaded" error={error}>
        <Button onClick={onRetry}>Try again</Button>
        {error.code === 'query' && (
          <Button variant="default" onClick={onClear}>
            Clear the search
          </Button>
        )}
      </FailureView>
    );
  }
  const filtered = document.search.trim() !== '' || document.kinds.length > 0 || document.labels.length > 0;
  if (filtered) {
    return (
      <MessageView icon={<IconSearchOff size={22} />} title="Nothing matches" text={`No resource of ${name} fits the search and the filters.`}>
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      </MessageView>
    );
  }
  return (
    <MessageView
      icon={<IconMoodEmpty size={22} />}
      title="No resources"
      text={`${name} has no resources that ${displayText(cluster.user, 100)} may use. Its administrator grants access through roles.`}
    >
      <Button variant="default" onClick={onRetry}>
        Refresh
      </Button>
    </MessageView>
  );
}
