import type { CommandId } from '../../../shared/settings/keymap.ts';
import { useApp } from '../../state/context.tsx';
import { useCommand } from '../../workbench/commands.ts';

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Moving between tabs and moving tabs. */
export function useTabCommands(): void {
  const { workspace } = useApp();
  const at = () => {
    const { documents, active } = workspace.getState();
    return { documents, index: documents.findIndex(({ id }) => id === active) };
  };
  const step = (by: number) => {
    const { documents, index } = at();
    const next = documents[(index + by + documents.length) % documents.length];
    if (next) workspace.getState().activate(next.id);
  };
  const move = (by: number) => {
    const { documents, index } = at();
    const document = documents[index];
    if (document) workspace.getState().move(document.id, index + by);
  };
  const goTo = (number: number) => {
    const { documents } = at();
    const document = number === 9 ? documents.at(-1) : documents[number - 1];
    if (document) workspace.getState().activate(document.id);
  };
  useCommand('tab.next', () => step(1));
  useCommand('tab.previous', () => step(-1));
  useCommand('tab.move-left', () => move(-1));
  useCommand('tab.move-right', () => move(1));
  useCommand('tab.reopen', () => workspace.getState().reopen());
  // biome-ignore lint/correctness/useHookAtTopLevel: the list never changes, so the order of hooks does not either
  for (const number of numbers) useCommand(`tab.${number}` satisfies CommandId, () => goTo(number));
}
