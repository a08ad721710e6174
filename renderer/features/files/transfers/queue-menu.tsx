import { Menu, VisuallyHidden } from '@mantine/core';
import type { TransferAction, TransferRow } from '../../../../shared/model/files.ts';
import { Kbd } from '../../../ui/kbd.tsx';
import type { Step } from './transfer-order.ts';
import { actionNames, actionsOf } from './transfer-words.ts';

interface Props {
  /** In window pixels. */
  at: { x: number; y: number };
  /** The chosen transfers. */
  rows: readonly TransferRow[];
  canMoveUp: boolean;
  canMoveDown: boolean;
  onAct(action: TransferAction): void;
  onMove(step: Step): void;
  /** The one that is chosen alone. */
  onOpen(row: TransferRow): void;
  onClose(): void;
}

const allActions: readonly TransferAction[] = ['pause', 'resume', 'cancel', 'retry', 'remove'];

/** What can be done with the chosen transfers. */
export function QueueMenu({ at, rows, canMoveUp, canMoveDown, onAct, onMove, onOpen, onClose }: Props) {
  const actions = allActions.filter((action) => rows.some((row) => actionsOf(row).includes(action)));
  const [first] = rows;
  const step = (text: string, to: Step, keys: string, isPossible: boolean) => (
    <Menu.Item disabled={!isPossible} rightSection={<Kbd keys={keys} />} onClick={() => onMove(to)}>
      {text}
    </Menu.Item>
  );
  return (
    <Menu opened onClose={onClose} position="top-start" width={220} trapFocus>
      <Menu.Target>
        <div style={{ position: 'fixed', left: at.x, top: at.y, width: 1, height: 1 }}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </div>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item key={action} onClick={() => onAct(action)}>
            {actionNames[action]}
          </Menu.Item>
        ))}
        {first && rows.length === 1 && (
          <Menu.Item rightSection={<Kbd keys="Enter" />} onClick={() => onOpen(first)}>
            {first.state === 'asking' ? 'Answer its question' : 'Show its folder'}
          </Menu.Item>
        )}
        <Menu.Divider />
        {step('Move up', 'up', 'Alt+↑', canMoveUp)}
        {step('Move down', 'down', 'Alt+↓', canMoveDown)}
        {step('Start first', 'first', 'Alt+Home', canMoveUp)}
        {step('Start last', 'last', 'Alt+End', canMoveDown)}
      </Menu.Dropdown>
    </Menu>
  );
}
