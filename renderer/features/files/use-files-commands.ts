import { useCommand } from '../../workbench/commands.ts';
import type { FilesController } from './files-controller.ts';
import type { Panes } from './use-panes.ts';

/** The commands of the key map, while the view is drawn: for the pane that had the focus last. */
export function useFilesCommands(controller: FilesController, { parts, last, filter }: Panes, visible: boolean): void {
  const refresh = () => {
    controller.run('local', 'refresh');
    controller.run('remote', 'refresh');
  };
  const typePath = () => {
    parts.local.setTyping(last === 'local');
    parts.remote.setTyping(last === 'remote');
  };
  const switchHidden = () => {
    const pane = controller.panes[last];
    pane.show({ showHidden: !pane.getState().showHidden });
  };
  useCommand('files.refresh', refresh, visible);
  useCommand('files.path', typePath, visible);
  useCommand('files.filter', () => filter(last), visible);
  useCommand('files.hidden', switchHidden, visible);
  useCommand('files.copy-across', () => controller.run(last, 'copy-across'), visible);
  useCommand('files.new-folder', () => controller.run(last, 'new-folder'), visible);
}
