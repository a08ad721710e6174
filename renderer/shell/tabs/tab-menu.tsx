import { Menu } from '@mantine/core';
import type { Document } from '../../../shared/model/document.ts';
import { useApp, useWorkspace } from '../../state/context.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { closeTabs } from '../../workbench/close-tabs.ts';
import { duplicateOf } from '../../workbench/documents.ts';
import { keysLabel } from '../../workbench/keys.ts';
import { showFiles, toggleFilesBelow } from '../../workbench/show-files.ts';

interface Props {
  document: Document;
  /** Where the right button was pressed, in window pixels; null while the menu is closed. */
  at: { x: number; y: number } | null;
  onClose(): void;
}

export function TabMenu({ document, at, onClose }: Props) {
  const app = useApp();
  const documents = useWorkspace((state) => state.documents);
  const index = documents.findIndex(({ id }) => id === document.id);
  const others = documents.filter(({ id }) => id !== document.id).map(({ id }) => id);
  const right = documents.slice(index + 1).map(({ id }) => id);
  const copy = duplicateOf(document);
  if (!at) return null;
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={250}>
      <Menu.Target>
        <div style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={<Kbd keys={keysLabel('tab.close', app.info.platform)} />} onClick={() => void closeTabs(app, [document.id])}>
          Close
        </Menu.Item>
        <Menu.Item disabled={others.length === 0} onClick={() => void closeTabs(app, others)}>
          Close others
        </Menu.Item>
        <Menu.Item disabled={right.length === 0} onClick={() => void closeTabs(app, right)}>
          Close to the right
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item disabled={index === 0} onClick={() => app.workspace.getState().move(document.id, index - 1)}>
          Move left
        </Menu.Item>
        <Menu.Item disabled={right.length === 0} onClick={() => app.workspace.getState().move(document.id, index + 1)}>
          Move right
        </Menu.Item>
        {document.kind === 'ssh' && (
          <>
            <Menu.Divider />
            <Menu.Item rightSection={<Kbd keys={keysLabel('files.browse', app.info.platform)} />} onClick={() => showFiles(app, document)}>
              Browse files
            </Menu.Item>
            <Menu.Item onClick={() => toggleFilesBelow(app, document)}>{document.files ? 'Hide files' : 'Show files below'}</Menu.Item>
            <Menu.Item onClick={() => void app.dialogs.getState().ask({ kind: 'forward', server: document.target, connection: null })}>
              Forward a port…
            </Menu.Item>
          </>
        )}
        {copy && (
          <>
            <Menu.Divider />
            <Menu.Item
              onClick={() => {
                app.workspace.getState().activate(document.id);
                app.workspace.getState().open(copy);
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
