import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app } from 'electron';
import { homeFolders } from './app/home-folders.ts';
import { argument } from './hosts/arguments.ts';
import { registerAppScheme } from './hosts/electron/app-scheme.ts';
import { runApp } from './hosts/electron/run-app.ts';

// Everything of Slipway's stands in one folder: SLIPWAY_HOME, else what --user-data-dir or the platform says.
const home = process.env.SLIPWAY_HOME || app.getPath('userData');
const folders = homeFolders(home, process.env);
mkdirSync(folders.home, { recursive: true, mode: 0o700 });
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
