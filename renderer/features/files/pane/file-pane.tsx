import { Button } from '@mantine/core';
import { IconDownload, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { displayText } from '../../../ui/display-text.ts';
import { useFocusHome } from '../../../ui/focus/use-focus-home.ts';
import listPage from '../../../ui/list-page.module.css';
import type { FilesController, SideKind } from '../files-controller.ts';
import type { PaneParts } from '../use-panes.ts';
import { FileMenu } from './file-menu.tsx';
import { FilterField } from './filter-field.tsx';
import { PaneBody } from './pane-body.tsx';
import { PaneFoot } from './pane-foot.tsx';
import { PaneHead } from './pane-head.tsx';

interface Props {
  controller: FilesController;
  kind: SideKind;
  parts: PaneParts;
}

/** One side of the file view. */
export function FilePane({ controller, kind, parts }: Props) {
  const { listRef, filterRef, isTyping, isFiltering, setTyping, setFiltering } = parts;
  const side = controller.sides[kind];
  const pane = controller.panes[kind];
  const state = useStore(pane);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const label = displayText(side.label, 100);
  const focusList = () => listRef.current?.focus();
  /** A menu that closed by Esc leaves the focus nowhere; one that closed by a click elsewhere leaves it there. */
  const closeMenu = () => {
    setMenuAt(null);
    setTimeout(() => document.activeElement === document.body && focusList());
  };
  // The list takes the focus from a button of the problem that it takes the place of.
  const focusListOnceDrawn = useFocusHome(() => listRef.current, { cause: state.status === 'failed' });
  const open = (path: string) => {
    void pane.open(path);
    focusListOnceDrawn();
  };
  const endFilter = () => {
    pane.show({ filter: '' });
    setFiltering(false);
    focusList();
  };
  const editPath = (on: boolean) => {
    setTyping(on);
    if (!on) focusList();
  };
  return (
    <section className={listPage.listPane} aria-label={kind === 'local' ? 'Files of this computer' : `Files of ${label}`} data-side={kind}>
      <PaneHead
        controller={controller}
        kind={kind}
        isTyping={isTyping}
        onTyping={editPath}
        onFilter={() => (isFiltering ? endFilter() : setFiltering(true))}
        onOpen={open}
      />
      {isFiltering && <FilterField inputRef={filterRef} pane={pane} label={label} onLeave={focusList} onEnd={endFilter} />}
      <PaneBody controller={controller} kind={kind} listRef={listRef} onOpen={open} onMenu={setMenuAt} />
      <PaneFoot state={state}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={kind === 'local' ? <IconUpload size={14} /> : <IconDownload size={14} />}
          disabled={state.path === '' || (state.selection.ids.size === 0 && state.selection.cursor < 0)}
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
