import { Button } from '@mantine/core';
import type { Resource } from '../../../shared/model/resource.ts';
import { displayText } from '../../ui/display-text.ts';
import type { Paged } from '../../ui/list/paged-store.ts';
import listPage from '../../ui/list-page.module.css';
import classes from './resources.module.css';

interface Props {
  pages: Paged<Resource>;
  /** How many rows are marked to be asked for. */
  marked: number;
  onRequest(): void;
  onClear(): void;
  onRetry(): void;
}

/** How much is known of the list, and what is missing from it. */
export function ResourcesFooter({ pages, marked, onRequest, onClear, onRetry }: Props) {
  if (pages.status === 'failed' || pages.status === 'idle') return null;
  const counted = pages.count === 1 && pages.complete ? '1 resource' : `${pages.count.toLocaleString()}${pages.complete ? '' : '+'} resources`;
  return (
    <div className={listPage.footer}>
      <span role="status">{pages.status === 'loading' ? 'Loading…' : counted}</span>
      {marked > 0 && (
        <span className={classes.marked} role="status">
          {marked} marked
          <Button size="compact-xs" onClick={onRequest}>
            Add to the request
          </Button>
          <Button size="compact-xs" variant="default" onClick={onClear}>
            Clear
          </Button>
        </span>
      )}
      {pages.skipped > 0 && <span className={classes.warn}>{pages.skipped} could not be understood and are left out</span>}
      {pages.status === 'ready' && pages.error && (
        <span className={classes.warn} role="alert">
          <bdi>{displayText(pages.error.message, 200)}</bdi>
          <Button size="compact-xs" variant="default" ml={8} onClick={onRetry}>
            Try again
          </Button>
        </span>
      )}
    </div>
  );
}
