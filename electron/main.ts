import { join } from 'node:path';
import { app, dialog } from 'electron';
import { AppError } from '../shared/errors/app-error.ts';
import { homeFolders } from './app/home-folders.ts';
import { argument } from './hosts/arguments.ts';
import { registerAppScheme } from './hosts/electron/app-scheme.ts';
import { runApp } from './hosts/electron/run-app.ts';
import { openDataFolder } from './lib/data-folder.ts';

// Everything of Slipway's stands in one folder: SLIPWAY_HOME, else what --user-data-dir or the platform says.
const home = process.env.SLIPWAY_HOME || app.getPath('userData');
const folders = homeFolders(home, process.env);
openOrEnd(folders.home);
app.setPath('userData', folders.home);
app.setPath('sessionData', join(folders.home, 'chromium'));

const connect = argument(process.argv, 'connect');
const cli = process.argv.indexOf('--cli');
if (cli > 0) {
  app.disableHardwareAcceleration();
  // The command line of a package, which is no Node: loaded alone, without window or instance lock.
  void import('./cli/run-cli.ts').then(async ({ runCli }) => app.exit(await runCli(process.argv.slice(cli + 1), { home: folders.home })));
} else if (app.requestSingleInstanceLock({ connect })) {
  // Tests as root have no sandbox to enable.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();
  runApp({ folders, connect, bundles: import.meta.dirname });
} else {
  app.exit(0);
}

/** Without its folder Slipway cannot even open its window: the person is told why, and it ends. */
function openOrEnd(home: string): void {
  try {
    const warning = openDataFolder(home);
    if (warning) console.error(warning);
  } catch (caught) {
    // On Linux, before the app is ready, the box is lines on standard error.
    dialog.showErrorBox('Slipway could not start', AppError.from(caught).message);
    process.exit(1);
  }
}
