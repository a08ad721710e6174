import { useState } from 'react';
import { SessionRights } from '../../features/requests/details/session-rights.tsx';
import { useWorkspace } from '../../state/context.tsx';
import { DocumentView } from '../document-view.tsx';
import classes from './documents.module.css';
import { EmptyState } from './empty-state.tsx';

/** Every tab that was looked at stays drawn, hidden while another is in front; the others wait until they are. */
export function Documents() {
  const documents = useWorkspace((state) => state.documents);
  const active = useWorkspace((state) => state.active);
  const restored = useWorkspace((state) => state.restored);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  if (active !== null && !seen.has(active)) setSeen(new Set([...seen, active]));
  if (!restored) return null;
  if (documents.length === 0) return <EmptyState />;
  return documents
    .filter(({ id }) => seen.has(id))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((document) => (
      <div
        key={document.id}
        id={`document-${document.id}`}
        className={classes.document}
        role="tabpanel"
        aria-labelledby={`tab-${document.id}`}
        hidden={document.id !== active}
      >
        {document.kind === 'ssh' && <SessionRights document={document} />}
        <div className={classes.view}>
          <DocumentView document={document} visible={document.id === active} focused={document.id === active} />
        </div>
      </div>
    ));
}
