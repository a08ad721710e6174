import { ActionIcon, Menu } from '@mantine/core';
import { IconCheck, IconDotsVertical } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { columns } from './list/row-order.ts';
import type { PaneStore } from './pane-store.ts';

const names = { name: 'Name', size: 'Size', modified: 'Time of change', mode: 'Mode', owner: 'Owner' } as const;

/** How a list is shown: order, and names that begin with a dot. */
export function ViewMenu({ pane, label }: { pane: PaneStore; label: string }) {
  const sort = useStore(pane, (state) => state.sort);
  const showHidden = useStore(pane, (state) => state.showHidden);
  const check = (on: boolean) => (on ? <IconCheck size={14} /> : <span style={{ width: 14 }} />);
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon size={26} aria-label={`How ${label} is shown`}>
          <IconDotsVertical size={15} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={showHidden}
          leftSection={check(showHidden)}
          onClick={() => pane.show({ showHidden: !showHidden })}
        >
          Show hidden files
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Sort by</Menu.Label>
        {columns.map((column) => (
          <Menu.Item
            key={column}
            role="menuitemradio"
            aria-checked={sort.column === column}
            leftSection={check(sort.column === column)}
            onClick={() => void pane.sortBy({ ...sort, column })}
          >
            {names[column]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          role="menuitemcheckbox"
          aria-checked={sort.descending}
          leftSection={check(sort.descending)}
          onClick={() => void pane.sortBy({ ...sort, descending: !sort.descending })}
        >
          Descending
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
