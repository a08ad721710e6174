import { type KeyboardEvent, useEffect, useState } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import { displayText } from '../../ui/display-text.ts';
import { paneHasFocus } from '../../ui/focus/focus-targets.ts';
import { useFocusHome } from '../../ui/focus/use-focus-home.ts';
import listPage from '../../ui/list-page.module.css';
import { FilesDialogs } from './dialogs/files-dialogs.tsx';
import { EditBar } from './edit-bar.tsx';
import classes from './files.module.css';
import type { FilesController, FilesDialog, SideKind } from './files-controller.ts';
import { FilePane } from './pane/file-pane.tsx';
import { ConflictDialog } from './transfers/conflict-dialog.tsx';
import { TransferPanel } from './transfers/transfer-panel.tsx';
import { TransferStrip } from './transfers/transfer-strip.tsx';
import { useConflicts } from './transfers/use-conflicts.ts';
import { type QueuePanel, useQueuePanel } from './transfers/use-queue-panel.ts';
import { useFilesCommands } from './use-files-commands.ts';
import { type FilesPlaces, useFilesController } from './use-files-controller.ts';
import { type Panes, usePanes } from './use-panes.ts';

interface Props extends FilesPlaces {
  /** It is drawn: its commands answer, its questions are asked, and nothing is read before. */
  visible: boolean;
  /** The keyboard goes to it when it becomes so. */
  focused: boolean;
  onChange(places: FilesPlaces): void;
}

/**
 * This computer on the left, the server on the right, and the transfers between them below. `FilesController` does what is asked of the two sides; each side
 * has a `PaneStore` with its listing; the hooks here say where the focus goes.
 */
export default function FilesView(props: Props) {
  const { visible } = props;
  const [dialog, setDialog] = useState<FilesDialog | null>(null);
  const panes = usePanes();
  const controller = useFilesController(props, { ask: setDialog, focus: panes.focus, filter: panes.filter });
  const queue = useQueuePanel(visible);
  const conflicts = useConflicts();
  const [conflict] = conflicts.asking;
  const focusList = usePaneFocus(controller, panes, { ...props, parts: `${conflict !== undefined} ${queue.isShown}` });
  useFilesCommands(controller, panes, visible);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F6 goes round its parts, wherever the focus is
    <div className={listPage.page} onKeyDown={(event) => focusNextPart(event, panes, queue)}>
      <EditBar home={panes.lastList} />
      <PanelGroup orientation="vertical" className={listPage.panels}>
        <Panel id="panes" minSize="160px">
          <PaneRow controller={controller} panes={panes} />
        </Panel>
        {queue.isShown && (
          <>
            <Separator className={listPage.separatorY} aria-label="Height of the transfers" />
            <Panel id="queue" defaultSize="150px" minSize="80px" maxSize="70%">
              <TransferPanel
                listRef={queue.listRef}
                onHide={queue.hide}
                onLeave={() => panes.lastList()?.focus()}
                onOpen={(row) => (row.state === 'asking' ? conflicts.askAgain() : controller.showFolder(row))}
              />
            </Panel>
          </>
        )}
      </PanelGroup>
      {conflicts.waiting > 0 && !conflict && <WaitingQuestions count={conflicts.waiting} onAsk={conflicts.askAgain} />}
      {!queue.isShown && !queue.isEmpty && <TransferStrip onShow={queue.show} />}
      {dialog && visible && (
        <FilesDialogs
          controller={controller}
          dialog={dialog}
          onClose={() => {
            setDialog(null);
            panes.setLast(dialog.side);
            focusList();
          }}
        />
      )}
      {conflict && visible && !dialog && (
        <ConflictDialog
          key={`${conflict.id} ${displayText(conflict.question?.path ?? '')}`}
          row={conflict}
          more={conflicts.asking.length - 1}
          onLater={() => conflicts.putAway(conflict.id)}
        />
      )}
    </div>
  );
}

interface FocusOptions extends Pick<Props, 'visible' | 'focused'> {
  /** Changes when parts come or go that may have the focus. */
  parts: string;
}

/** The list of the last pane gets the focus when the view becomes focused, and whenever the part that had it goes away. Returns what sends it there. */
function usePaneFocus(controller: FilesController, panes: Panes, { visible, focused, parts }: FocusOptions): () => void {
  const { lastList } = panes;
  useEffect(() => {
    const list = lastList();
    if (focused && !paneHasFocus(list)) list?.focus();
  }, [focused, lastList]);
  const isConnected = useStore(controller.panes.remote, ({ path }) => path !== '');
  useFocusHome(() => panes.parts.remote.listRef.current, { cause: isConnected, wanted: focused && isConnected });
  return useFocusHome(lastList, { cause: parts, wanted: visible });
}

/** F6: this computer, the server, the queue, and round again. */
function focusNextPart(event: KeyboardEvent, panes: Panes, queue: QueuePanel): void {
  const { target, currentTarget } = event;
  // A dialog's keys come by here as well, since it is drawn by this component. They stay in the dialog.
  if (event.key !== 'F6' || !(target instanceof Node) || !currentTarget.contains(target)) return;
  event.preventDefault();
  const list = queue.listRef.current;
  if (list?.contains(target)) panes.focus('local');
  else if (panes.last === 'local') panes.focus('remote');
  else if (list) list.focus();
  else panes.focus('local');
}

const sides: readonly SideKind[] = ['local', 'remote'];

function PaneRow({ controller, panes }: { controller: FilesController; panes: Panes }) {
  return (
    <PanelGroup orientation="horizontal" className={listPage.panels} style={{ height: '100%' }}>
      {sides.map((side, index) => [
        index > 0 && <Separator key="separator" className={listPage.separatorX} aria-label="Width of the panes" />,
        <Panel key={side} id={side} minSize="240px">
          <div className={classes.paneFrame} onFocusCapture={() => panes.setLast(side)}>
            <FilePane controller={controller} kind={side} parts={panes.parts[side]} />
          </div>
        </Panel>,
      ])}
    </PanelGroup>
  );
}

function WaitingQuestions({ count, onAsk }: { count: number; onAsk(): void }) {
  return (
    <button type="button" className={classes.ask} onClick={onAsk}>
      {count === 1 ? 'A transfer waits' : `${count} transfers wait`} for your answer about a file that is there already. Answer now
    </button>
  );
}
