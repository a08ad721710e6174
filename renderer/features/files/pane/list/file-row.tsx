import { IconAlertTriangle } from '@tabler/icons-react';
import { type DragEvent, type MouseEvent, memo } from 'react';
import type { FileEntry } from '../../../../../shared/model/files.ts';
import { displayText } from '../../../../ui/display-text.ts';
import listPage from '../../../../ui/list-page.module.css';
import { sizeText } from '../../../../ui/words/size-text.ts';
import { exactTimeText, momentText } from '../../../../ui/words/time-text.ts';
import { modeText, octalText } from '../../file-words.ts';
import classes from '../../files.module.css';
import { FileIcon } from './file-icon.tsx';
import type { Row } from './row-order.ts';

/** Pixels; the style sheet has the same number. */
export const fileRowHeight = 26;

export interface RowActions {
  click(index: number, event: MouseEvent): void;
  open(index: number): void;
  menu(index: number, event: MouseEvent): void;
  drag(index: number, event: DragEvent): void;
  dragOver(index: number, event: DragEvent): void;
  drop(index: number, event: DragEvent): void;
}

interface Props {
  id: string;
  row: Row;
  index: number;
  /** Pixels from the top of the list. */
  start: number;
  selected: boolean;
  /** The keyboard is on it. */
  current: boolean;
  /** Something is held over it that would be put into it. */
  isTarget: boolean;
  now: number;
  actions: RowActions;
}

const kindWords = { file: 'File', folder: 'Folder', link: 'Link', other: 'Special file' } as const;

/** What the icon shows, in words. */
const kindText = ({ kind, targetKind }: FileEntry) =>
  kind === 'link' ? (targetKind === 'folder' ? 'Link to a folder' : targetKind === null ? 'Broken link' : 'Link') : kindWords[kind];

/** All there is to say about an entry, a line each. */
function tooltip({ name, kind, size, modified, mode, owner, group, target, oddity }: FileEntry): string {
  return [
    displayText(name, 400),
    kind === 'link' ? `Link to ${target === null ? 'something that cannot be read' : displayText(target, 400)}` : kindWords[kind],
    kind === 'file' ? `${size.toLocaleString('en-US')} bytes` : '',
    `Changed ${exactTimeText(modified)}`,
    mode === null ? '' : `Mode ${octalText(mode)}`,
    owner || group ? `Owner ${displayText(owner || '?', 80)}, group ${displayText(group || '?', 80)}` : '',
    oddity ?? '',
  ]
    .filter(Boolean)
    .join('\n');
}

/** One entry of a folder. Names come from the server, and are drawn as text that cannot turn or hide what stands beside it. */
export const FileRow = memo(function FileRow({ id, row, index, start, selected, current, isTarget, now, actions }: Props) {
  const { entry } = row;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`${listPage.row} ${classes.row}`}
      data-current={current || undefined}
      data-target={isTarget || undefined}
      data-hidden-name={entry.name.startsWith('.') || undefined}
      style={{ transform: `translateY(${start}px)` }}
      title={tooltip(entry)}
      aria-description={kindText(entry)}
      draggable
      onClick={(event) => actions.click(index, event)}
      onDoubleClick={() => actions.open(index)}
      onContextMenu={(event) => actions.menu(index, event)}
      onDragStart={(event) => actions.drag(index, event)}
      onDragOver={(event) => actions.dragOver(index, event)}
      onDrop={(event) => actions.drop(index, event)}
    >
      <div role="gridcell" className={classes.cellName}>
        <FileIcon entry={entry} />
        <bdi className={classes.name}>{displayText(entry.name)}</bdi>
        {entry.kind === 'link' && (
          <bdi className={classes.linkTarget} title={entry.targetKind === null ? 'broken link' : 'link'}>
            → {displayText(entry.target ?? '?')}
          </bdi>
        )}
        {entry.oddity !== null && (
          <span role="img" aria-label={displayText(entry.oddity)} className={classes.odd}>
            <IconAlertTriangle size={13} aria-hidden />
          </span>
        )}
      </div>
      <div role="gridcell" className={classes.cellNumber}>
        {row.isFolder ? '' : sizeText(entry.size)}
      </div>
      <div role="gridcell" className={classes.cellDim}>
        {momentText(entry.modified, now)}
      </div>
      <div role="gridcell" className={classes.cellMode}>
        {modeText(entry)}
      </div>
      <div role="gridcell" className={classes.cellOwner}>
        <bdi>{displayText(entry.owner, 80)}</bdi>
      </div>
    </div>
  );
});
