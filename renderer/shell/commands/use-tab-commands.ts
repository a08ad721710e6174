import type { CommandId } from '../../../shared/settings/keymap.ts';
import { useApp } from '../../state/context.tsx';
import { useCommand } from '../../workbench/commands.ts';

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Moving between tabs and moving tabs. */
export function useTabCommands(): void {
  const { workspace } = useApp();
  const at = () => {
    const { tabs, active } = workspace.getState();
    return { tabs, index: tabs.findIndex(({ id }) => id === active) };
  };
  const step = (by: number) => {
    const { tabs, index } = at();
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (next) workspace.getState().activate(next.id);
  };
  const move = (by: number) => {
    const { tabs, index } = at();
    const tab = tabs[index];
    if (tab) workspace.getState().move(tab.id, index + by);
  };
  const goTo = (number: number) => {
    const { tabs } = at();
    const tab = number === 9 ? tabs.at(-1) : tabs[number - 1];
    if (tab) workspace.getState().activate(tab.id);
  };
  useCommand('tab.next', () => step(1));
  useCommand('tab.previous', () => step(-1));
  useCommand('tab.move-left', () => move(-1));
  useCommand('tab.move-right', () => move(1));
  useCommand('tab.reopen', () => workspace.getState().reopen());
  // biome-ignore lint/correctness/useHookAtTopLevel: the list never changes, so the order of hooks does not either
  for (const number of numbers) useCommand(`tab.${number}` satisfies CommandId, () => goTo(number));
}
