import { Menu, VisuallyHidden } from '@mantine/core';
import { Kbd } from '../../../ui/kbd.tsx';
import type { FilesController, SideKind } from '../files-controller.ts';
import { isFolder } from './list/row-order.ts';

interface Props {
  controller: FilesController;
  kind: SideKind;
  /** In window pixels; null while it is closed. */
  at: { x: number; y: number } | null;
  onClose(): void;
  onClosed(): void;
}

/** What can be done with the chosen entries, or with the folder when none is chosen. */
export function FileMenu({ controller, kind, at, onClose, onClosed }: Props) {
  if (!at) return null;
  const entries = controller.chosen(kind);
  const [first] = entries;
  const single = entries.length === 1 ? first : undefined;
  const file = single && !isFolder(single);
  const item = (text: string, command: Parameters<FilesController['run']>[1], keys = '', disabled = false) => (
    <Menu.Item
      disabled={disabled}
      rightSection={<Kbd keys={keys} />}
      onClick={() => {
        onClosed();
        controller.run(kind, command);
      }}
    >
      {text}
    </Menu.Item>
  );
  return (
    <Menu opened onClose={onClose} position="bottom-start" width={240} returnFocus={false} trapFocus>
      <Menu.Target>
        <div style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </div>
      </Menu.Target>
      <Menu.Dropdown>
        {first && (
          <>
            {single && isFolder(single) && item('Open', 'open', 'Enter')}
            {file && item('View as text', 'view', 'F3')}
            {file && kind === 'remote' && item('Edit on this computer', 'edit', 'F4')}
            {item(kind === 'local' ? 'Upload' : 'Download', 'copy-across', 'F5')}
            {item(kind === 'local' ? 'Upload to…' : 'Download to…', 'copy-to', 'Shift+F5')}
            <Menu.Divider />
            {item('Rename…', 'rename', 'F2', !single)}
            {item('Permissions…', 'mode')}
            {item('Delete…', 'delete', 'Delete')}
            <Menu.Divider />
          </>
        )}
        {item(first ? (single ? 'Copy path' : 'Copy paths') : 'Copy path of this folder', 'copy-path')}
        {item('New folder…', 'new-folder', 'F7')}
        {item('Refresh', 'refresh')}
      </Menu.Dropdown>
    </Menu>
  );
}
