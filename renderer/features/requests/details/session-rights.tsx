import { Button, CloseButton } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { Document } from '../../../../shared/model/document.ts';
import { useApp, useRequestsOverview, useTabStatuses } from '../../../state/context.tsx';
import { openAgain } from '../../../workbench/show-files.ts';
import classes from '../bars.module.css';

/**
 * Over an open terminal: the session began with other rights than the person has now. It keeps them to its end, so new
 * ones, and the loss of old ones, show in a new session only.
 */
export function SessionRights({ document }: { document: Extract<Document, { kind: 'ssh' }> }) {
  const app = useApp();
  const live = useTabStatuses(({ statuses }) => statuses[document.id]?.isLive ?? false);
  const overview = useRequestsOverview(document.target.cluster);
  const assumed = overview && overview.assumed.map(({ id }) => id).toSorted();
  const now = assumed?.join();
  /** What was assumed when the session began; undefined while there is none. */
  const [began, setBegan] = useState<string | undefined>();
  const [dismissed, setDismissed] = useState<string | undefined>();
  if (live && began === undefined && now !== undefined) setBegan(now);
  if (!live && began !== undefined) setBegan(undefined);
  if (!live || began === undefined || now === undefined || now === began || now === dismissed) return null;

  const taken = assumed?.some((id) => !began.split(',').includes(id));
  return (
    <div className={classes.rights} role="status">
      <IconKey size={15} aria-hidden />
      <span className={classes.text}>
        {taken
          ? 'Your access has grown since this session began. A new session is needed to use it.'
          : 'Access was dropped since this session began. This session keeps it until it ends.'}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => openAgain(app, document)}>
        New session
      </Button>
      <CloseButton size="sm" aria-label="Close" onClick={() => setDismissed(now)} />
    </div>
  );
}
