import { Button } from '@mantine/core';
import { displayText } from '../../ui/display-text.ts';
import type { ResourcePages } from './resource-pages.ts';
import classes from './resources.module.css';

/** How much is known of the list, and what is missing from it. */
export function ResourcesFooter({ pages, onRetry }: { pages: ResourcePages; onRetry(): void }) {
  if (pages.status === 'failed' || pages.status === 'idle') return null;
  const counted = pages.count === 1 && pages.complete ? '1 resource' : `${pages.count.toLocaleString()}${pages.complete ? '' : '+'} resources`;
  return (
    <div className={classes.footer}>
      <span role="status">{pages.status === 'loading' ? 'Loading…' : counted}</span>
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
