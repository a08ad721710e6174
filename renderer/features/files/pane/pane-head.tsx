import { Loader } from '@mantine/core';
import { IconArrowUp, IconDeviceLaptop, IconFilter, IconFolderPlus, IconHome, IconRefresh, IconServer2 } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { displayText } from '../../../ui/display-text.ts';
import classes from '../files.module.css';
import type { FilesController, SideKind } from '../files-controller.ts';
import { PaneAction } from './pane-action.tsx';
import { PathBar } from './path/path-bar.tsx';
import { ViewMenu } from './view-menu.tsx';

interface Props {
  controller: FilesController;
  kind: SideKind;
  isTyping: boolean;
  onTyping(on: boolean): void;
  onFilter(): void;
  onOpen(path: string): void;
}

/** Whose files these are, and where: with what can be done with the folder. */
export function PaneHead({ controller, kind, isTyping, onTyping, onFilter, onOpen }: Props) {
  const side = controller.sides[kind];
  const pane = controller.panes[kind];
  const path = useStore(pane, (state) => state.path);
  const isLoading = useStore(pane, (state) => state.status === 'loading');
  const label = displayText(side.label, 100);
  return (
    <>
      <header className={classes.paneHead}>
        <h2 className={classes.paneTitle}>
          {kind === 'local' ? <IconDeviceLaptop size={15} aria-hidden /> : <IconServer2 size={15} aria-hidden />}
          <bdi>{label}</bdi>
          {isLoading && <Loader size={12} aria-label="Loading" />}
        </h2>
        <PaneAction label="Filter names" keys="/" onClick={onFilter}>
          <IconFilter size={15} />
        </PaneAction>
        <PaneAction label="New folder" keys="F7" disabled={path === ''} onClick={() => controller.run(kind, 'new-folder')}>
          <IconFolderPlus size={15} />
        </PaneAction>
        <PaneAction label="Refresh" disabled={isLoading} onClick={() => controller.run(kind, 'refresh')}>
          <IconRefresh size={15} />
        </PaneAction>
        <ViewMenu pane={pane} label={label} />
      </header>
      <div className={classes.pathRow}>
        <PaneAction label="Folder above" keys="Backspace" disabled={path === ''} onClick={() => controller.run(kind, 'up')}>
          <IconArrowUp size={15} />
        </PaneAction>
        <PaneAction label="Home folder" onClick={() => controller.run(kind, 'home')}>
          <IconHome size={15} />
        </PaneAction>
        <PathBar side={side} path={path} editing={isTyping} onEdit={onTyping} onOpen={onOpen} />
      </div>
    </>
  );
}
