import { Loader } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { type ReactNode, type RefObject, useState } from 'react';
import { useStore } from 'zustand';
import { displayText } from '../../../ui/display-text.ts';
import { MessageView } from '../../../ui/message-view.tsx';
import classes from '../files.module.css';
import type { FilesController, SideKind } from '../files-controller.ts';
import { FileList } from './list/file-list.tsx';
import { PaneProblem } from './pane-problem.tsx';
import type { PaneState } from './pane-store.ts';
import { type PaneDrag, usePaneDrag } from './use-pane-drag.ts';

interface Props {
  controller: FilesController;
  kind: SideKind;
  listRef: RefObject<HTMLDivElement | null>;
  onOpen(path: string): void;
  /** The menu for the chosen rows, in window pixels. */
  onMenu(at: { x: number; y: number }): void;
}

/** The folder's entries, or why they are not shown. */
export function PaneBody({ controller, kind, listRef, onOpen, onMenu }: Props) {
  const side = controller.sides[kind];
  const pane = controller.panes[kind];
  const state = useStore(pane);
  const drag = usePaneDrag(controller, kind);
  const { path, asked, status, error, shown } = state;
  const label = displayText(side.label, 100);
  if (status === 'failed' && error)
    return (
      <DropArea drag={drag}>
        <PaneProblem
          side={side}
          error={error}
          onRetry={() => onOpen(asked)}
          back={path !== '' && path !== asked ? path : null}
          onBack={path === '' && asked === '' ? null : () => onOpen(path === asked ? '' : path)}
        />
      </DropArea>
    );
  if (path === '')
    return (
      <DropArea drag={drag}>
        <MessageView icon={<Loader size={18} />} title={kind === 'local' ? 'Reading the folder' : `Connecting to ${label}`} />
      </DropArea>
    );
  return (
    <DropArea drag={drag}>
      <FileList
        listRef={listRef}
        pane={pane}
        label={`${label}, ${displayText(path, 300)}`}
        onCommand={(command) => controller.run(kind, command)}
        onMenu={onMenu}
        drag={drag}
      />
      {shown.length === 0 && status === 'ready' && <NothingShown state={state} />}
    </DropArea>
  );
}

/** Takes what is let go beside the rows, into the folder that is shown. */
function DropArea({ drag, children }: { drag: PaneDrag; children: ReactNode }) {
  const [isOver, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: an aim for what is dragged; the keyboard has F5
    <div
      className={classes.listArea}
      data-drop={isOver || undefined}
      onDragOver={(event) => {
        const isWelcome = drag.accepts(event, null);
        setOver(isWelcome);
        if (isWelcome) event.preventDefault();
      }}
      onDragLeave={() => setOver(false)}
      onDropCapture={() => setOver(false)}
      onDrop={(event) => {
        if (!drag.accepts(event, null)) return;
        event.preventDefault();
        drag.drop(event, null);
      }}
    >
      {children}
    </div>
  );
}

function NothingShown({ state: { filter, rows } }: { state: PaneState }) {
  const isFiltered = filter !== '';
  const areHidden = !isFiltered && rows.length > 0;
  return (
    <div className={classes.nothing}>
      <MessageView
        icon={<IconFolderOpen size={20} />}
        title={isFiltered ? 'Nothing matches' : areHidden ? 'Only hidden files' : 'This folder is empty'}
        text={isFiltered ? 'No name has these words.' : areHidden ? 'Its names all begin with a dot. “Show hidden files” shows them.' : undefined}
      />
    </div>
  );
}
