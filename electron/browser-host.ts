import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import packageJson from '../package.json' with { type: 'json' };
import { sessionHostContract } from '../shared/contract/index.ts';
import { AppError } from '../shared/errors/app-error.ts';
import { Client } from '../shared/ipc/client.ts';
import { portPair } from '../shared/ipc/port-pair.ts';
import { serve, Topic } from '../shared/ipc/server.ts';
import { serverLog } from './app/diagnostics/log.ts';
import { homeFolders } from './app/home-folders.ts';
import { ticketContract } from './host-contract/ticket.ts';
import { argument } from './hosts/arguments.ts';
import { BrowserServer } from './hosts/browser/browser-server.ts';
import { devPage } from './hosts/browser/dev-page.ts';
import { heapGrowth } from './hosts/heap-growth.ts';
import { startMain } from './hosts/start-main.ts';
import { folderError, openDataFolder } from './lib/data-folder.ts';
import { systemLocks } from './lib/file-lock.ts';
import { createSessionHost } from './session-host/session-host.ts';
import { managedSettingsPath } from './settings/managed.ts';

setFlagsFromString(heapGrowth);

/** False when another host holds the folder. */
function lockFolder(home: string): boolean {
  try {
    return systemLocks()(join(home, 'browser-host.lock'), true)?.tryLock('exclusive') ?? false;
  } catch (caught) {
    throw folderError(home, caught);
  }
}

/** Slipway without Electron: main's services and the session host in this process, the page in a browser on this computer. */
const { env, argv } = process;
const folders = homeFolders(env.SLIPWAY_HOME ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Slipway'), env);
// Everything that keeps Slipway from starting is a sentence for the person at the terminal.
const orEnd = <T>(step: () => T): T => {
  try {
    return step();
  } catch (caught) {
    console.error(AppError.from(caught).message);
    process.exit(1);
  }
};
const folderWarning = orEnd(() => openDataFolder(folders.home));
if (folderWarning) console.error(folderWarning);
// Held until this process ends; two hosts would run the same transfers.
if (!orEnd(() => lockFolder(folders.home))) {
  console.error(`Slipway is open on ${folders.home} already. Use that one, or end it first; SLIPWAY_HOME names another folder.`);
  process.exit(1);
}
const main = startMain({
  folders,
  managedPath: managedSettingsPath(process.platform, env),
  facilities: {
    host: 'browser',
    version: packageJson.version,
    electron: '',
    screenReader: new Topic(false),
    command: [process.execPath, join(import.meta.dirname, 'cli.js')],
    // The browser may run on another computer, for example through a tunnel: the page shows the folder's path and opens the link
    // itself.
    openFolder: async () => {},
    openEditor: async (path) => {
      throw new AppError('unsupported', `In the browser, open the copy in an editor of yours: ${path}`);
    },
    chooseFolder: async () => {
      throw new AppError('unsupported', 'In the browser, type the folder.');
    },
    dragOut: async () => {
      throw new AppError('unsupported', 'In the browser, files cannot be dragged to other programs.');
    },
    openLink: async () => {
      throw new AppError('unsupported', 'In the browser, links are opened by the page.');
    },
    // The person is in the browser already.
    focusApp: () => {},
  },
  connect: argument(argv, 'connect'),
  defaultCollector: env.SLIPWAY_COLLECTOR ?? '',
  logLevel: env.SLIPWAY_LOG_LEVEL,
});
const { log } = main;
process.on('uncaughtException', (error) => log.error({ err: error }, 'uncaught exception'));
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));
const [ticketsNear, ticketsFar] = portPair();
main.serveTickets(ticketsFar);
const sessionHost = createSessionHost({ tickets: new Client(ticketContract, ticketsNear), log, folder: folders.home });

const devUrl = env.SLIPWAY_DEV_URL;
let announced = false;
const listening = BrowserServer.listen({
  root: join(dirname(fileURLToPath(import.meta.url)), 'renderer'),
  port: Number(argument(argv, 'port') ?? 0),
  refused: (what, reason) => log.warn({ what, reason }, 'refused a request'),
  onPort: (contract, port) => {
    if (contract === 'main') main.serveMain(port);
    else serve(sessionHostContract, port, sessionHost.handlers, serverLog(log));
  },
  onAddress: (url) => {
    console.log(announced ? `Another browser: ${url}` : `Slipway is open at ${url}\n(the address works once, for one browser on this computer)`);
    announced = true;
  },
  ...(devUrl ? { page: devPage(new URL(devUrl)) } : {}),
});
const server = await listening.catch((caught: unknown) => {
  console.error(AppError.from(caught).message);
  process.exit(1);
});

let closing = false;
async function close(): Promise<void> {
  if (closing) return;
  closing = true;
  setTimeout(() => process.exit(1), 5000).unref();
  server.close();
  await sessionHost.close();
  await main.services.close();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void close());
