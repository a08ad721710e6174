import { type ReactNode, useMemo } from 'react';
import { sizeText } from '../../../ui/words/size-text.ts';
import { countText } from '../file-words.ts';
import classes from '../files.module.css';
import type { PaneState } from './pane-store.ts';

/** What is in the folder and what is chosen; the same is announced to screen readers when it changes. */
export function PaneFoot({ state, children }: { state: PaneState; children: ReactNode }) {
  const { shown, rows, selection, status, more, dropped } = state;
  const chosen = useMemo(() => {
    if (selection.ids.size === 0) return '';
    let bytes = 0;
    let folders = 0;
    for (const { id, isFolder, entry } of shown) {
      if (!selection.ids.has(id)) continue;
      if (isFolder) folders++;
      else bytes += entry.size;
    }
    const parts = [folders < selection.ids.size && sizeText(bytes), folders > 0 && countText(folders, 'folder')].filter(Boolean);
    return `${selection.ids.size.toLocaleString('en-US')} selected, ${parts.join(' and ')}`;
  }, [shown, selection.ids]);
  const hidden = rows.length - shown.length;
  const items = `${countText(shown.length, 'item')}${hidden > 0 ? `, ${hidden.toLocaleString('en-US')} not shown` : ''}`;
  const trouble = [
    more && 'The folder has more items than can be shown',
    dropped > 0 && `${countText(dropped, 'name')} of the server cannot be shown`,
  ].filter((each) => each !== false);
  return (
    <footer className={classes.foot}>
      <span className={classes.footText} role="status">
        {status === 'failed' ? '' : status === 'loading' ? `Loading… ${countText(rows.length, 'item')}` : chosen || items}
        {trouble.length > 0 && status === 'ready' && <span className={classes.warn}> · {trouble.join('. ')}</span>}
      </span>
      {children}
    </footer>
  );
}
