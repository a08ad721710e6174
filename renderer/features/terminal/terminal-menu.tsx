import { Menu } from '@mantine/core';
import type { Platform } from '../../../shared/settings/keymap.ts';

interface Props {
  at: { x: number; y: number };
  platform: Platform;
  canCopy: boolean;
  canPaste: boolean;
  onCopy(): void;
  onPaste(): void;
  onSearch(): void;
  onSelectAll(): void;
  onClear(): void;
  /** Undefined where there are no files to browse. */
  onFiles: (() => void) | undefined;
  onClose(): void;
}

/** The menu of the right mouse button. */
export function TerminalMenu({ at, platform, canCopy, canPaste, onCopy, onPaste, onSearch, onSelectAll, onClear, onFiles, onClose }: Props) {
  const keys = (letter: string) => (platform === 'darwin' ? `⌘${letter}` : `Ctrl+Shift+${letter}`);
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} shadow="md" width={240} returnFocus>
      <Menu.Target>
        <div style={{ position: 'fixed', left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={!canCopy} rightSection={keys('C')} onClick={onCopy}>
          Copy
        </Menu.Item>
        <Menu.Item disabled={!canPaste} rightSection={keys('V')} onClick={onPaste}>
          Paste
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item rightSection={keys('F')} onClick={onSearch}>
          Find…
        </Menu.Item>
        <Menu.Item onClick={onSelectAll}>Select all</Menu.Item>
        <Menu.Item onClick={onClear}>Clear</Menu.Item>
        {onFiles && (
          <>
            <Menu.Divider />
            <Menu.Item rightSection={keys('B')} onClick={onFiles}>
              Browse files here
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
