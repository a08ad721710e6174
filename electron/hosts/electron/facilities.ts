import { join } from 'node:path';
import { app, BrowserWindow, shell } from 'electron';
import { AppError } from '../../../shared/errors/app-error.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import type { HostFacilities } from '../../app/host-facilities.ts';
import { chooseFolder, dragOut } from './local-files.ts';
import { openEditor } from './open-editor.ts';

/** What Electron does for the services. */
export const electronFacilities: HostFacilities = {
  host: 'electron',
  version: app.getVersion(),
  electron: process.versions.electron ?? '',
  screenReader: followScreenReader(),
  command: cliCommand(),
  openFolder: async (path) => {
    const problem = await shell.openPath(path);
    if (problem) throw new AppError('unsupported', `The folder ${path} could not be opened: ${problem}`);
  },
  openEditor,
  chooseFolder,
  dragOut,
  focusApp: () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.show();
    app.focus({ steal: true });
  },
  openLink: async (url) => {
    try {
      await shell.openExternal(url);
    } catch (cause) {
      throw new AppError('unsupported', 'No browser could be started for this link. Copy its address instead.', { cause });
    }
  },
};

function followScreenReader(): Topic<boolean> {
  const running = new Topic(app.accessibilitySupportEnabled);
  app.on('accessibility-support-changed', (_event, enabled) => running.set(enabled));
  return running;
}

/** A package runs its own program; its Electron is no Node. From a checkout, Electron serves as Node. */
function cliCommand(): string[] {
  // Flags with which Chromium asks for no display and keeps its own words off standard error; they count only on the command line.
  const withoutDisplay = process.platform === 'linux' ? ['--ozone-platform=headless', '--log-level=3'] : [];
  if (app.isPackaged) return [process.env.APPIMAGE ?? process.execPath, ...withoutDisplay, '--cli'];
  return ['env', 'ELECTRON_RUN_AS_NODE=1', process.execPath, join(import.meta.dirname, 'cli.js')];
}
