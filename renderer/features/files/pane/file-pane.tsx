import { ActionIcon, Button, Loader } from '@mantine/core';
import {
  IconArrowUp,
  IconDeviceLaptop,
  IconDownload,
  IconFilter,
  IconFolderOpen,
  IconFolderPlus,
  IconHome,
  IconRefresh,
  IconServer2,
  IconUpload,
  IconX,
} from '@tabler/icons-react';
import { type DragEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../state/context.tsx';
import { heldFiles, putFiles } from '../../../state/file-drag.ts';
import { displayText } from '../../../ui/display-text.ts';
import listPage from '../../../ui/list-page.module.css';
import { MessageView } from '../../../ui/message-view.tsx';
import { Tip } from '../../../ui/tip.tsx';
import classes from '../files.module.css';
import type { FilesController, SideKind } from '../files-controller.ts';
import { FileList } from './file-list.tsx';
import { FileMenu } from './file-menu.tsx';
import { PaneFoot } from './pane-foot.tsx';
import { PaneProblem } from './pane-problem.tsx';
import { PathBar } from './path-bar.tsx';
import { ViewMenu } from './view-menu.tsx';

interface Props {
  controller: FilesController;
  kind: SideKind;
  gridRef: RefObject<HTMLDivElement | null>;
  filterRef: RefObject<HTMLInputElement | null>;
  typing: boolean;
  filtering: boolean;
  onTyping(typing: boolean): void;
  onFiltering(filtering: boolean): void;
}

/** One side of the file view. */
export function FilePane({ controller, kind, gridRef, filterRef, typing, filtering, onTyping, onFiltering }: Props) {
  const side = controller.sides[kind];
  const pane = controller.panes[kind];
  const { info } = useApp();
  const state = useStore(pane);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const [held, setHeld] = useState(false);
  const { path, asked, status, error, shown, rows, filter } = state;
  const label = displayText(side.label, 100);
  const focusList = () => gridRef.current?.focus();
  /** A menu that closed by Esc leaves the focus nowhere; one that closed by a click elsewhere leaves it there. */
  const closeMenu = () => {
    setMenuAt(null);
    setTimeout(() => document.activeElement === document.body && focusList());
  };
  const failed = status === 'failed';
  const wasFailed = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list takes the focus that the button of a problem had
  useEffect(() => {
    if (wasFailed.current && !failed && document.activeElement === document.body) focusList();
    wasFailed.current = failed;
  }, [failed]);
  const open = (to: string) => {
    void pane.open(to);
    // The list may take the place of a problem first.
    setTimeout(focusList);
  };
  const endFilter = () => {
    pane.show({ filter: '' });
    onFiltering(false);
    focusList();
  };

  /** Into the folder that is shown goes what comes from elsewhere; into a folder of it also what stands beside it. */
  const accepts = (event: DragEvent, folder: string | null) => {
    const origin = heldFiles(event.dataTransfer);
    return path !== '' && origin !== null && (origin !== kind || folder !== null);
  };
  const drop = (event: DragEvent, folder: string | null) => {
    setHeld(false);
    void controller.drop(kind, event.dataTransfer, folder);
  };
  const startDrag = (event: DragEvent) => {
    const copies = info.platform === 'darwin' ? event.altKey : event.ctrlKey;
    if (copies && info.host === 'electron') {
      event.preventDefault();
      return controller.dragOut(kind);
    }
    const paths = controller.chosen(kind).map((entry) => controller.pathOf(kind, entry));
    if (paths.length > 0) putFiles(event.dataTransfer, { target: kind === 'remote' ? controller.target : null, paths });
  };
  return (
    <section className={listPage.listPane} aria-label={kind === 'local' ? 'Files of this computer' : `Files of ${label}`} data-side={kind}>
      <header className={classes.paneHead}>
        <h2 className={classes.paneTitle}>
          {kind === 'local' ? <IconDeviceLaptop size={15} aria-hidden /> : <IconServer2 size={15} aria-hidden />}
          <bdi>{label}</bdi>
          {status === 'loading' && <Loader size={12} aria-label="Loading" />}
        </h2>
        <Action label="Filter names" keys="/" onClick={() => (filtering ? endFilter() : onFiltering(true))}>
          <IconFilter size={15} />
        </Action>
        <Action label="New folder" keys="F7" disabled={path === ''} onClick={() => controller.run(kind, 'new-folder')}>
          <IconFolderPlus size={15} />
        </Action>
        <Action label="Refresh" disabled={status === 'loading'} onClick={() => controller.run(kind, 'refresh')}>
          <IconRefresh size={15} />
        </Action>
        <ViewMenu pane={pane} label={label} />
      </header>
      <div className={classes.pathRow}>
        <Action label="Folder above" keys="Backspace" disabled={path === ''} onClick={() => controller.run(kind, 'up')}>
          <IconArrowUp size={15} />
        </Action>
        <Action label="Home folder" onClick={() => controller.run(kind, 'home')}>
          <IconHome size={15} />
        </Action>
        <PathBar
          side={side}
          path={path}
          editing={typing}
          onEdit={(editing) => {
            onTyping(editing);
            if (!editing) focusList();
          }}
          onOpen={open}
        />
      </div>
      {filtering && (
        <div className={classes.filterRow}>
          <input
            ref={filterRef}
            // biome-ignore lint/a11y/noAutofocus: it appears because the person asked for it
            autoFocus
            className={classes.filterInput}
            aria-label={`Filter names on ${label}`}
            placeholder="Show only names with these words"
            value={filter}
            maxLength={500}
            spellCheck={false}
            onChange={(event) => pane.show({ filter: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') endFilter();
              else if (event.key === 'Enter' || event.key === 'ArrowDown') focusList();
              else return;
              event.preventDefault();
              event.stopPropagation();
            }}
          />
          <Action label="Show all names" onClick={endFilter}>
            <IconX size={14} />
          </Action>
        </div>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: an aim for what is dragged; the keyboard has F5 */}
      <div
        className={classes.listArea}
        data-drop={held || undefined}
        onDragOver={(event) => {
          const welcome = accepts(event, null);
          setHeld(welcome);
          if (welcome) event.preventDefault();
        }}
        onDragLeave={() => setHeld(false)}
        onDrop={(event) => {
          if (!accepts(event, null)) return;
          event.preventDefault();
          drop(event, null);
        }}
      >
        {failed && error ? (
          <PaneProblem
            side={side}
            error={error}
            onRetry={() => open(asked)}
            back={path !== '' && path !== asked ? path : null}
            onBack={path === '' && asked === '' ? null : () => open(path === asked ? '' : path)}
          />
        ) : path === '' ? (
          <MessageView icon={<Loader size={18} />} title={kind === 'local' ? 'Reading the folder' : `Connecting to ${label}`} />
        ) : (
          <>
            <FileList
              gridRef={gridRef}
              pane={pane}
              label={`${kind === 'local' ? 'This computer' : label}, ${displayText(path, 300)}`}
              onCommand={(command) => controller.run(kind, command)}
              onMenu={setMenuAt}
              onDragStart={startDrag}
              accepts={accepts}
              onDrop={drop}
            />
            {shown.length === 0 && status === 'ready' && <NothingShown isFiltered={filter !== ''} hidden={rows.length} />}
          </>
        )}
      </div>
      <PaneFoot state={state}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={kind === 'local' ? <IconUpload size={14} /> : <IconDownload size={14} />}
          disabled={path === '' || (state.selection.ids.size === 0 && state.selection.cursor < 0)}
          title="F5"
          onClick={() => controller.run(kind, 'copy-across')}
        >
          {kind === 'local' ? 'Upload' : 'Download'}
        </Button>
      </PaneFoot>
      <FileMenu controller={controller} kind={kind} at={menuAt} onClose={closeMenu} onClosed={focusList} />
    </section>
  );
}

function Action({
  label,
  keys,
  disabled,
  onClick,
  children,
}: {
  label: string;
  keys?: string;
  disabled?: boolean;
  onClick(): void;
  children: React.ReactNode;
}) {
  return (
    <Tip label={keys ? `${label} (${keys})` : label}>
      <ActionIcon size={26} aria-label={label} aria-keyshortcuts={keys} disabled={disabled} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tip>
  );
}

function NothingShown({ isFiltered, hidden }: { isFiltered: boolean; hidden: number }) {
  const text = isFiltered ? 'No name has these words.' : hidden > 0 ? 'Its names all begin with a dot. “Show hidden files” shows them.' : undefined;
  return (
    <div className={classes.nothing}>
      <MessageView
        icon={<IconFolderOpen size={20} />}
        title={isFiltered ? 'Nothing matches' : hidden > 0 ? 'Only hidden files' : 'This folder is empty'}
        text={text}
      />
    </div>
  );
}
