import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { Panel, Group as PanelGroup, Separator } from 'react-resizable-panels';
import { useStore } from 'zustand';
import type { SshTarget } from '../../../shared/model/document.ts';
import { useApp } from '../../state/context.tsx';
import { useClusterReturns } from '../../state/use-cluster-returns.ts';
import { displayText } from '../../ui/display-text.ts';
import { paneHasFocus } from '../../ui/focus/focus-targets.ts';
import listPage from '../../ui/list-page.module.css';
import { useCommand } from '../../workbench/commands.ts';
import { FilesDialogs } from './dialogs/files-dialogs.tsx';
import { EditBar } from './edit-bar.tsx';
import classes from './files.module.css';
import { FilesController, type FilesDialog, type SideKind } from './files-controller.ts';
import { FilePane } from './pane/file-pane.tsx';
import { ConflictDialog } from './transfers/conflict-dialog.tsx';
import { TransferPanel } from './transfers/transfer-panel.tsx';
import { TransferStrip } from './transfers/transfer-strip.tsx';
import { useConflicts } from './transfers/use-conflicts.ts';
import { useRefreshAfterTransfers } from './transfers/use-refresh-after-transfers.ts';
import { useFollowDisk } from './use-follow-disk.ts';

export interface FilesPlaces {
  readonly target: SshTarget;
  /** Folders to begin in; empty for the home folders. */
  readonly remotePath: string;
  readonly localPath: string;
}

interface Props extends FilesPlaces {
  /** It is drawn: its commands answer, its questions are asked, and nothing is read before. */
  visible: boolean;
  /** The keyboard goes to it when it becomes so. */
  focused: boolean;
  onChange(places: FilesPlaces): void;
}

const none = { local: false, remote: false };
const kinds: readonly SideKind[] = ['local', 'remote'];

/** This computer on the left, the server on the right, and the transfers between them below. */
export default function FilesView({ target, remotePath, localPath, visible, focused, onChange }: Props) {
  const app = useApp();
  const [dialog, setDialog] = useState<FilesDialog | null>(null);
  const [typing, setTyping] = useState(none);
  const [filtering, setFiltering] = useState(none);
  const [lastSide, setLastSide] = useState<SideKind>('remote');
  const [queueHidden, setQueueHidden] = useState(false);
  const grids = { local: useRef<HTMLDivElement>(null), remote: useRef<HTMLDivElement>(null) };
  const filters = { local: useRef<HTMLInputElement>(null), remote: useRef<HTMLInputElement>(null) };
  const queue = useRef<HTMLDivElement>(null);
  const filter = (side: SideKind) => {
    setFiltering((old) => ({ ...old, [side]: true }));
    filters[side].current?.focus();
  };
  const latest = useRef({ onChange, places: { target, remotePath, localPath }, filter });
  useEffect(() => {
    latest.current = { onChange, places: { target, remotePath, localPath }, filter };
  });
  const report = (change: Partial<FilesPlaces>) => latest.current.onChange({ ...latest.current.places, ...change });

  // biome-ignore lint/correctness/useExhaustiveDependencies: one controller for the life of the view; it tells of other targets itself
  const controller = useMemo(
    () =>
      new FilesController(app, target, {
        ask: setDialog,
        target: (next) => report({ target: next }),
        focus: (side) => grids[side].current?.focus(),
        filter: (side) => latest.current.filter(side),
      }),
    [app],
  );
  const begun = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins where the document says, once
  useEffect(() => {
    if (!visible || begun.current) return;
    begun.current = true;
    void controller.panes.local.open(localPath);
    void controller.panes.remote.open(remotePath);
  }, [visible, controller]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `report` reads the newest places itself
  useEffect(() => {
    const stops = kinds.map((kind) =>
      controller.panes[kind].subscribe((now, before) => {
        if (now.path !== before.path) report(kind === 'local' ? { localPath: now.path } : { remotePath: now.path });
      }),
    );
    return () => {
      for (const stop of stops) stop();
    };
  }, [controller]);
  useEffect(() => () => controller.dispose(), [controller]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the grids' refs stay the same
  useEffect(() => {
    if (focused && !paneHasFocus(grids[lastSide].current)) grids[lastSide].current?.focus();
  }, [focused]);
  const ready = useStore(controller.panes.remote, (state) => state.path !== '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list takes the focus when it appears for the first time
  useEffect(() => {
    if (focused && ready && (document.activeElement === document.body || document.activeElement === null)) grids.remote.current?.focus();
  }, [ready]);
  useClusterReturns(target.cluster, target.leaf, () => {
    const { status, asked } = controller.panes.remote.getState();
    if (status === 'failed') void controller.panes.remote.open(asked);
  });
  useRefreshAfterTransfers(controller);
  useFollowDisk(controller, visible);

  const count = useStore(app.transfers, (state) => state.order.length);
  const wanted = useStore(app.transfers, (state) => state.wanted);
  useEffect(() => {
    if (!visible || !wanted || count === 0) return;
    app.transfers.setState({ wanted: false });
    setQueueHidden(false);
    // After the list has taken the focus that a tab gets when it comes to the front.
    setTimeout(() => queue.current?.focus());
  }, [visible, wanted, count, app]);
  const { asking, putAway, askAgain, waiting } = useConflicts();

  const refresh = () => {
    for (const kind of kinds) controller.run(kind, 'refresh');
  };
  useCommand('files.refresh', refresh, visible);
  useCommand('files.path', () => setTyping({ ...none, [lastSide]: true }), visible);
  useCommand('files.filter', () => filter(lastSide), visible);
  useCommand(
    'files.hidden',
    () => {
      const pane = controller.panes[lastSide];
      pane.show({ showHidden: !pane.getState().showHidden });
    },
    visible,
  );
  useCommand('files.copy-across', () => controller.run(lastSide, 'copy-across'), visible);
  useCommand('files.new-folder', () => controller.run(lastSide, 'new-folder'), visible);

  const onKeyDown = (event: KeyboardEvent) => {
    // What is pressed in a dialog of this view comes by here too, and stays there.
    if (event.key !== 'F6' || !event.currentTarget.contains(event.target as Node)) return;
    event.preventDefault();
    const inQueue = queue.current?.contains(event.target as Node);
    if (inQueue) grids.local.current?.focus();
    else if (lastSide === 'local') grids.remote.current?.focus();
    else (queue.current ?? grids.local.current)?.focus();
  };
  const showQueue = count > 0 && !queueHidden;
  const [first] = asking;
  const isAsking = first !== undefined;
  const wasBusy = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when a question or the queue goes away with the focus, the list takes it
  useEffect(() => {
    if (visible && wasBusy.current && document.activeElement === document.body) grids[lastSide].current?.focus();
    wasBusy.current = isAsking || showQueue;
  }, [isAsking, showQueue]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F6 goes round its parts, wherever the focus is
    <div className={listPage.page} onKeyDown={onKeyDown}>
      <EditBar onLeave={() => grids[lastSide].current?.focus()} />
      <PanelGroup orientation="vertical" className={listPage.panels}>
        <Panel id="panes" minSize="160px">
          <PanelGroup orientation="horizontal" className={listPage.panels} style={{ height: '100%' }}>
            {kinds.map((kind, index) => [
              index > 0 && <Separator key="separator" className={listPage.separatorX} aria-label="Width of the panes" />,
              <Panel key={kind} id={kind} minSize="240px">
                <div className={classes.paneFrame} onFocusCapture={() => setLastSide(kind)}>
                  <FilePane
                    controller={controller}
                    kind={kind}
                    gridRef={grids[kind]}
                    filterRef={filters[kind]}
                    typing={typing[kind]}
                    filtering={filtering[kind]}
                    onTyping={(on) => setTyping({ ...typing, [kind]: on })}
                    onFiltering={(on) => setFiltering({ ...filtering, [kind]: on })}
                  />
                </div>
              </Panel>,
            ])}
          </PanelGroup>
        </Panel>
        {showQueue && (
          <>
            <Separator className={listPage.separatorY} aria-label="Height of the transfers" />
            <Panel id="queue" defaultSize="150px" minSize="80px" maxSize="70%">
              <TransferPanel
                listRef={queue}
                onHide={() => setQueueHidden(true)}
                onLeave={() => grids[lastSide].current?.focus()}
                onOpen={(row) => (row.state === 'asking' ? askAgain() : controller.showFolder(row))}
              />
            </Panel>
          </>
        )}
      </PanelGroup>
      {waiting > 0 && asking.length === 0 && (
        <button type="button" className={classes.ask} onClick={askAgain}>
          {waiting === 1 ? 'A transfer waits' : `${waiting} transfers wait`} for your answer about a file that is there already. Answer now
        </button>
      )}
      {!showQueue && count > 0 && <TransferStrip onShow={() => setQueueHidden(false)} />}
      {dialog && visible && (
        <FilesDialogs
          controller={controller}
          dialog={dialog}
          onClose={() => {
            setDialog(null);
            setTimeout(() => grids[dialog.side].current?.focus());
          }}
        />
      )}
      {first && visible && !dialog && (
        <ConflictDialog
          key={`${first.id} ${displayText(first.question?.path ?? '')}`}
          row={first}
          more={asking.length - 1}
          onLater={() => putAway(first.id)}
        />
      )}
    </div>
  );
}
