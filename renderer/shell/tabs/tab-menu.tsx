import { Menu } from '@mantine/core';
import { documentsIn, mapDocuments } from '../../../shared/model/pane-tree.ts';
import type { Tab } from '../../../shared/model/workspace.ts';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { closeTabs } from '../../workbench/close-tabs.ts';
import { duplicateOf } from '../../workbench/documents.ts';
import { keysLabel } from '../../workbench/keys.ts';
import { filesBelow, showFiles, toggleFilesBelow } from '../../workbench/show-files.ts';

interface Props {
  tab: Tab;
  /** Where the right button was pressed, in window pixels; null while the menu is closed. */
  at: { x: number; y: number } | null;
  onClose(): void;
}

export function TabMenu({ tab, at, onClose }: Props) {
  const app = useApp();
  const tabs = useWorkspace((state) => state.tabs);
  const index = tabs.findIndex(({ id }) => id === tab.id);
  const others = tabs.filter(({ id }) => id !== tab.id).map(({ id }) => id);
  const right = tabs.slice(index + 1).map(({ id }) => id);
  const terminal = documentsIn(tab.root).find((document) => document.kind === 'ssh');
  const copy = mapDocuments(tab.root, duplicateOf);
  if (!at) return null;
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={250}>
      <Menu.Target>
        <div style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={<Kbd keys={keysLabel('tab.close', app.info.platform)} />} onClick={() => void closeTabs(app, [tab.id])}>
          Close
        </Menu.Item>
        <Menu.Item disabled={others.length === 0} onClick={() => void closeTabs(app, others)}>
          Close others
        </Menu.Item>
        <Menu.Item disabled={right.length === 0} onClick={() => void closeTabs(app, right)}>
          Close to the right
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={index === 0} onClick={() => app.workspace.getState().move(tab.id, index - 1)}>
          Move left
        </Menu.Item>
        <Menu.Item disabled={right.length === 0} onClick={() => app.workspace.getState().move(tab.id, index + 1)}>
          Move right
        </Menu.Item>
        {terminal && (
          <>
            <Menu.Divider />
            <Menu.Item rightSection={<Kbd keys={keysLabel('files.browse', app.info.platform)} />} onClick={() => showFiles(app, terminal)}>
              Browse files
            </Menu.Item>
            <Menu.Item onClick={() => toggleFilesBelow(app, terminal)}>
              {filesBelow(tab.root, terminal) ? 'Hide files' : 'Show files below'}
            </Menu.Item>
            <Menu.Item onClick={() => void app.dialogs.getState().ask({ kind: 'forward', server: terminal.target, connection: null })}>
              Forward a port…
            </Menu.Item>
          </>
        )}
        {copy && (
          <>
            <Menu.Divider />
            <Menu.Item
              onClick={() => {
                app.workspace.getState().activate(tab.id);
                app.workspace.getState().openTab(copy);
              }}
            >
              Duplicate
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
