import { ActionIcon } from '@mantine/core';
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconReload, IconTrash, IconUpload, IconX } from '@tabler/icons-react';
import { type DragEvent, type MouseEvent, memo } from 'react';
import type { TransferRow as Transfer, TransferAction } from '../../../../shared/model/files.ts';
import { displayText } from '../../../ui/display-text.ts';
import { Tip } from '../../../ui/tip.tsx';
import classes from '../transfers.module.css';
import { ProgressBar } from './progress-bar.tsx';
import { actionNames, actionsOf, progressOf, statusText } from './transfer-words.ts';

export interface TransferActions {
  act(ids: readonly string[], action: TransferAction): void;
  select(index: number, event: MouseEvent): void;
  open(index: number): void;
  menu(index: number, event: MouseEvent): void;
  drag(id: string, event: DragEvent): void;
  dragOver(id: string, event: DragEvent): void;
  drop(id: string, event: DragEvent): void;
}

const icons: Record<TransferAction, typeof IconX> = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  cancel: IconX,
  retry: IconReload,
  remove: IconTrash,
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
  const isUpload = row.direction === 'upload';
  const Direction = isUpload ? IconUpload : IconDownload;
  const progress = progressOf(row);
  const { host, name, what, status, from, to, notes } = textsOf(row, now);
  const isBad = row.state === 'failed' || row.failures > 0;
  const percent = progress === null || row.state === 'done' ? '' : `${Math.floor(progress * 100)} %, `;
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      aria-label={`${what} ${isUpload ? 'to' : 'from'} ${host}, ${percent}${status}`}
      aria-description={notes.length > 0 ? notes.join('. ') : `From ${from} to ${to}`}
      className={classes.row}
      data-current={current || undefined}
      data-state={row.state}
      style={{ transform: `translateY(${start}px)` }}
      title={[what, `From ${from}`, `To ${to}`, status, ...notes].join('\n')}
      draggable
      onClick={(event) => actions.select(index, event)}
      onDoubleClick={() => actions.open(index)}
      onContextMenu={(event) => actions.menu(index, event)}
      onDragStart={(event) => actions.drag(row.id, event)}
      onDragOver={(event) => actions.dragOver(row.id, event)}
      onDrop={(event) => actions.drop(row.id, event)}
    >
      <div role="gridcell" className={classes.what}>
        <Direction size={15} aria-label={isUpload ? 'Upload' : 'Download'} />
        <bdi className={classes.name}>{name}</bdi>
        <bdi className={classes.where}>
          {isUpload ? '→' : '←'} {host}
        </bdi>
      </div>
      <div role="gridcell" className={classes.progress}>
        <ProgressBar label={`Progress of ${name}`} share={progress} state={isBad ? 'failed' : row.state} />
      </div>
      <div role="gridcell" className={isBad ? classes.statusBad : classes.status}>
        <bdi>{status}</bdi>
        {row.state === 'running' && row.current !== '' && <bdi className={classes.current}> {displayText(row.current, 200)}</bdi>}
      </div>
      <div role="gridcell" className={classes.buttons}>
        {actionsOf(row).map((action) => (
          <RowButton key={action} action={action} name={name} onClick={() => actions.act([row.id], action)} />
        ))}
      </div>
    </div>
  );
});

/** Reached by the mouse only: the list has keys for the same. */
function RowButton({ action, name, onClick }: { action: TransferAction; name: string; onClick(): void }) {
  const Icon = icons[action];
  return (
    <Tip label={actionNames[action]}>
      <ActionIcon
        size={24}
        tabIndex={-1}
        aria-label={`${actionNames[action]}: ${name}`}
        onClick={(event) => {
          event.stopPropagation();
          onClick();
        }}
      >
        <Icon size={14} />
      </ActionIcon>
    </Tip>
  );
}

/** What a row says, with names from outside made harmless. */
function textsOf(row: Transfer, now: number) {
  const name = `${displayText(row.name, 120)}${row.sources > 1 ? ` and ${row.sources - 1} more` : ''}`;
  return {
    name,
    host: displayText(`${row.target.login}@${row.target.hostname}`, 80),
    what: `${row.direction === 'upload' ? 'Upload' : 'Download'} of ${name}`,
    status: displayText(statusText(row, now), 400),
    from: displayText(row.from, 300),
    to: displayText(row.folder, 300),
    notes: [
      ...row.notes.map((note) => displayText(note, 400)),
      ...row.problems.map(({ path, message }) => `${displayText(path, 200)}: ${displayText(message, 300)}`),
    ],
  };
}
