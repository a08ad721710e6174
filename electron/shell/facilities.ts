import { app, shell } from 'electron';
import { AppError } from '../../shared/errors/app-error.ts';
import type { HostFacilities } from '../services.ts';

/** What Electron does for the services. */
export const electronFacilities: HostFacilities = {
  host: 'electron',
  version: app.getVersion(),
  electron: process.versions.electron ?? '',
  screenReader: () => Boolean(app.accessibilitySupportEnabled),
  openFolder: async (path) => {
    const problem = await shell.openPath(path);
    if (problem) throw new AppError('unsupported', `The folder ${path} could not be opened: ${problem}`);
  },
  openLink: async (url) => {
    try {
      await shell.openExternal(url);
    } catch (cause) {
      throw new AppError('unsupported', 'No browser could be started for this link. Copy its address instead.', { cause });
    }
  },
};
