import { access } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { BrowserWindow, dialog, nativeImage } from 'electron';
import { AppError } from '../../../shared/errors/app-error.ts';

const iconSize = 32;
const theWindow = () => BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];

/** The OS's own question for a folder; null when the person gives no answer. */
export async function chooseFolder(path: string): Promise<string | null> {
  const window = theWindow();
  const options: Electron.OpenDialogOptions = {
    properties: ['openDirectory', 'createDirectory'],
    ...(isAbsolute(path) ? { defaultPath: path } : {}),
  };
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

/** Begins the OS's drag of local files, while the page's own drag begins: other programs take it as from a file manager. */
export async function dragOut(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isThere =
      isAbsolute(path) &&
      (await access(path).then(
        () => true,
        () => false,
      ));
    if (!isThere) throw new AppError('not-found', `There is no ${path} any more. Read the folder anew.`);
  }
  const icon = nativeImage.createFromPath(join(import.meta.dirname, 'icon.png')).resize({ width: iconSize, height: iconSize });
  // `file` is there for older runtimes; where `files` is known, it is what counts.
  theWindow()?.webContents.startDrag({ file: paths[0]!, files: [...paths], icon });
}
