import type { SshTarget } from '../../../shared/model/document.ts';
import { shellWord } from '../../features/files/pane/path/paths.ts';
import type { AppState } from '../../state/app-state.ts';
import { droppedPaths, noPathsText } from '../../state/dropped-paths.ts';
import { type DraggedFiles, takeFiles } from '../../state/file-drag.ts';
import { displayText } from '../../ui/display-text.ts';
import { withRelogin } from '../../workbench/with-relogin.ts';

/**
 * Handles files that are dropped on a terminal: files of this computer are uploaded into the folder of its shell (`folder`; empty
 * for the home folder), files of the same server are typed as paths.
 */
export async function dropOnTerminal(
  app: AppState,
  target: SshTarget,
  folder: string,
  transfer: DataTransfer,
  type: (text: string) => void,
): Promise<void> {
  const { notify, notifyError } = app.notifications.getState();
  const dragged = takeFiles(transfer);
  if (dragged?.target) {
    if (isOn(dragged.target, target)) return type(dragged.paths.map(shellWord).join(' '));
    return notify({ tone: 'info', title: 'These files are on another server', text: 'Download them first, then upload them here.' });
  }
  const paths = dragged ? dragged.paths : await droppedPaths(app.info);
  if (!paths) return notify({ tone: 'info', title: 'Nothing was uploaded', text: noPathsText });
  if (paths.length === 0) return;
  const reason = `to upload to ${displayText(target.hostname, 80)}`;
  try {
    const into = await withRelogin(app, target.cluster, reason, async (cluster) => {
      const server = { ...target, cluster };
      const { path } = await app.sessionHost().call('files.resolve', { place: { kind: 'remote', target: server }, path: folder });
      await app.sessionHost().call('transfers.enqueue', { direction: 'upload', target: server, sources: [...paths], folder: path });
      return path;
    });
    notify({
      tone: 'info',
      title: 'Uploading',
      text: `${paths.length === 1 ? 'The file goes' : `${paths.length} items go`} into ${displayText(into, 200)}. “Browse files” shows how far it is.`,
    });
  } catch (caught) {
    notifyError('The files could not be uploaded', caught);
  }
}

const isOn = (a: NonNullable<DraggedFiles['target']>, b: SshTarget) => a.node === b.node && a.cluster === b.cluster && a.leaf === b.leaf;
