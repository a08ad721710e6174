import { ActionIcon } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconReload, IconTrash, IconUpload, IconX } from '@tabler/icons-react';
import { type DragEvent, type MouseEvent, memo } from 'react';
import type { TransferRow as Transfer, TransferAction } from '../../../../shared/model/files.ts';
import { displayText } from '../../../ui/display-text.ts';
import { Tip } from '../../../ui/tip.tsx';
import classes from '../transfers.module.css';
import { actionsOf, progressOf, statusText } from './transfer-words.ts';

export interface TransferActions {
  act(ids: readonly string[], action: TransferAction): void;
  select(index: number, event: MouseEvent): void;
  open(index: number): void;
  menu(index: number, event: MouseEvent): void;
  drag(id: string, event: DragEvent): void;
  dragOver(id: string, event: DragEvent): void;
  drop(id: string, event: DragEvent): void;
}

const words: Record<TransferAction, { name: string; Icon: typeof IconX }> = {
  pause: { name: 'Pause', Icon: IconPlayerPause },
  resume: { name: 'Resume', Icon: IconPlayerPlay },
  cancel: { name: 'Cancel', Icon: IconX },
  retry: { name: 'Try again', Icon: IconReload },
  remove: { name: 'Take out of the list', Icon: IconTrash },
};

interface Props {
  id: string;
  index: number;
  start: number;
  row: Transfer;
  selected: boolean;
  current: boolean;
  now: number;
  actions: TransferActions;
}

/** One transfer: what, from where to where, how far, and what can be done with it. */
export const TransferRow = memo(function TransferRow({ id, index, start, row, selected, current, now, actions }: Props) {
  const Direction = row.direction === 'upload' ? IconUpload : IconDownload;
  const progress = progressOf(row);
  const host = displayText(`${row.target.login}@${row.target.hostname}`, 80);
  const name = `${displayText(row.name, 120)}${row.sources > 1 ? ` and ${row.sources - 1} more` : ''}`;
  const what = `${row.direction === 'upload' ? 'Upload' : 'Download'} of ${name}`;
  const status = displayText(statusText(row, now), 400);
  const notes = [
    ...row.notes.map((note) => displayText(note, 400)),
    ...row.problems.map(({ path, message }) => `${displayText(path, 200)}: ${displayText(message, 300)}`),
  ];
  const percent = progress === null ? null : Math.floor(progress * 100);
  const bad = row.state === 'failed' || row.failures > 0;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-label={`${what} ${row.direction === 'upload' ? 'to' : 'from'} ${host}, ${percent === null || row.state === 'done' ? '' : `${percent} %, `}${status}`}
      aria-description={notes.length > 0 ? notes.join('. ') : `From ${displayText(row.from, 300)} to ${displayText(row.folder, 300)}`}
      className={classes.row}
      data-current={current || undefined}
      data-state={row.state}
      style={{ transform: `translateY(${start}px)` }}
      title={[what, `From ${displayText(row.from, 300)}`, `To ${displayText(row.folder, 300)}`, status, ...notes].join('\n')}
      draggable
      onClick={(event) => actions.select(index, event)}
      onDoubleClick={() => actions.open(index)}
      onContextMenu={(event) => actions.menu(index, event)}
      onDragStart={(event) => actions.drag(row.id, event)}
      onDragOver={(event) => actions.dragOver(row.id, event)}
      onDrop={(event) => actions.drop(row.id, event)}
    >
      <div role="gridcell" className={classes.what}>
        <Direction size={15} aria-label={row.direction === 'upload' ? 'Upload' : 'Download'} />
        <bdi className={classes.name}>{name}</bdi>
        <bdi className={classes.where}>
          {row.direction === 'upload' ? '→' : '←'} {host}
        </bdi>
      </div>
      <div role="gridcell" className={classes.progress}>
        {/* biome-ignore lint/a11y/useFocusableInteractive: it only shows */}
        <div
          role="progressbar"
          aria-label={`Progress of ${name}`}
          aria-valuenow={percent ?? undefined}
          aria-valuemin={0}
          aria-valuemax={100}
          className={classes.track}
          data-state={bad ? 'failed' : row.state}
        >
          <div className={classes.bar} style={{ width: `${percent ?? 0}%` }} />
        </div>
      </div>
      <div role="gridcell" className={bad ? classes.statusBad : classes.status}>
        <bdi>{status}</bdi>
        {row.state === 'running' && row.current !== '' && <bdi className={classes.current}> {displayText(row.current, 200)}</bdi>}
      </div>
      <div role="gridcell" className={classes.buttons}>
        {actionsOf(row).map((action) => {
          const { name: says, Icon } = words[action];
          return (
            <Tip key={action} label={says}>
              <ActionIcon
                size={24}
                tabIndex={-1}
                aria-label={`${says}: ${name}`}
                onClick={(event) => {
                  event.stopPropagation();
                  actions.act([row.id], action);
                }}
              >
                <Icon size={14} />
              </ActionIcon>
            </Tip>
          );
        })}
      </div>
    </div>
  );
});
