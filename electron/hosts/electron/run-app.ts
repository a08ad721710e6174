import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session } from 'electron';
import type { OpenRequest } from '../../../shared/model/access-request.ts';
import type { CommandId } from '../../../shared/settings/keymap.ts';
import type { HomeFolders } from '../../app/home-folders.ts';
import type { Services } from '../../app/services.ts';
import { inBackground } from '../../lib/background.ts';
import { settledWithin } from '../../lib/deadline.ts';
import { windowStateFile } from '../../settings/window-state.ts';
import type { RunningMain } from '../start-main.ts';
import { appPageUrl, serveApp } from './app-scheme.ts';
import { CloseWish } from './close-wish.ts';
import { type DeepLinks, takeDeepLinks } from './deep-links.ts';
import { electronPort } from './electron-port.ts';
import { guardContents, guardSession, shutNetwork } from './guards.ts';
import { MainWindow, type MainWindowOptions } from './main-window.ts';
import { PagePorts } from './page-ports.ts';
import { SessionHostProcess } from './session-host-process.ts';
import type { TransferSigns } from './transfer-signs.ts';
import { watchTrouble } from './window-trouble.ts';

export interface AppOptions {
  folders: HomeFolders;
  /** A cluster's address to offer. */
  connect: string | null;
  /** Folder of the built app: the preload, the session host and the page. */
  bundles: string;
}

/** What is left to write is small; after this time a hanging disk or connection no longer keeps the app open. */
const closeMs = 5000;
/** A covered or minimised window may never paint, so the services are loaded after this time in any case. */
const paintTimeoutMs = 1500;

/** Runs the app in Electron. The window comes first: the services, and with them all that is large, are loaded once it has painted. */
export function runApp({ folders, connect, bundles }: AppOptions): void {
  const pageUrl = (!app.isPackaged && process.env.SLIPWAY_DEV_URL) || appPageUrl;
  const windowFile = windowStateFile(folders.window);
  let painted = () => {};
  const main = new Promise<void>((resolve) => (painted = resolve)).then(() => loadMain(folders, connect));
  const note = (what: string, detail: string) =>
    void main.then(
      ({ log }) => log.warn({ what, detail }, 'shell'),
      () => {},
    );
  const refused = (what: string) => note('refused', what);
  const send = (command: CommandId, argument?: string) => void main.then(({ services }) => services.commands.send(command, argument));

  const sessionHost = new SessionHostProcess({
    modulePath: join(bundles, 'session-host.js'),
    logsFolder: folders.logs,
    dataFolder: folders.home,
    serveTickets: (port) => void main.then(({ serveTickets }) => serveTickets(electronPort(port))),
    onReplaced: () => {
      pages.replaceSessionHost();
      followTransfers();
    },
    note,
  });
  const pages = new PagePorts({
    pageUrl,
    connectMain: (port) => void main.then(({ serveMain }) => serveMain(electronPort(port))),
    connectSessionHost: (port) => sessionHost.connect(port),
    refused,
  });
  const wish = new CloseWish();
  const onSaving = (saving: Promise<unknown>) =>
    void main.then(
      ({ services }) => inBackground(services.background, { what: 'to keep the window’s place and size', cluster: '' }, saving),
      () => {},
    );
  const window = oneWindow({ file: windowFile, bundles, pageUrl, onSaving }, (opened) => {
    watchTrouble(opened, note);
    wish.watch(opened);
    whenPainted(opened, painted);
  });

  noteCrashes(note);
  guardContents(pageUrl, refused);
  Menu.setApplicationMenu(null);
  const openRequest = (request: OpenRequest) => {
    window.show();
    send('requests.open', JSON.stringify(request));
  };
  const links = takeDeepLinks(openRequest, refused);
  followSystem(window, wish, links, (address) => send('clusters.add', address));
  quitAfter(async () => {
    sessionHost.close();
    await Promise.allSettled([main.then(({ services }) => services.close()), windowFile.settled()]);
  });

  void app.whenReady().then(() => {
    serveApp(join(bundles, 'renderer'));
    guardSession(session.defaultSession, pageUrl, refused);
    shutNetwork(session.defaultSession).catch(() => note('proxy', 'the session takes none'));
    window.open();
  });
  let followTransfers = () => {};
  main.then(
    async ({ services }) => {
      sessionHost.start();
      const signs = await showAroundPage(services, window, openRequest, send);
      followTransfers = () => signs.follow((port) => sessionHost.connect(port));
      followTransfers();
    },
    (caught: Error) => {
      dialog.showErrorBox('Slipway could not start', `${caught.message}\n\nIts data folder is ${folders.home}.`);
      app.exit(1);
    },
  );
}

function noteCrashes(note: (what: string, detail: string) => void): void {
  process.on('uncaughtException', (error) => note('uncaught exception', error.stack ?? error.message));
  process.on('unhandledRejection', (reason) =>
    note('unhandled rejection', reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
  );
}

/** Opens the window, or ends the app, when the system says that the person wants it. `offer` gets the cluster's address that a second start names. */
function followSystem(window: OneWindow, wish: CloseWish, links: DeepLinks, offer: (address: string) => void): void {
  app.on('second-instance', (_event, argv, _folder, data) => {
    window.show();
    links.fromArguments(argv);
    if (typeof data === 'object' && data !== null && 'connect' in data && typeof data.connect === 'string') offer(data.connect);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' || wish.quit) app.quit();
  });
  app.on('activate', () => {
    if (app.isReady() && !window.current()) window.open();
  });
}

/** The app's window. The app may go on without one. */
interface OneWindow {
  current(): MainWindow | null;
  open(): void;
  /** Opens it, or brings it to the front. */
  show(): void;
}

function oneWindow(options: MainWindowOptions, onOpened: (window: BrowserWindow) => void): OneWindow {
  let current: MainWindow | null = null;
  const open = () => {
    const opened = new MainWindow(options);
    current = opened;
    onOpened(opened.window);
    opened.window.once('closed', () => {
      if (current === opened) current = null;
    });
  };
  const show = () => {
    if (current) current.focus();
    else if (app.isReady()) open();
  };
  return { current: () => current, open, show };
}

/** What the app shows around the page: the window's look, notifications, the signs of transfers and the menu. Resolves with the signs. */
async function showAroundPage(
  { settings, mainHandlers }: Services,
  { current, show }: OneWindow,
  openRequest: (request: OpenRequest) => void,
  send: (command: CommandId) => void,
): Promise<TransferSigns> {
  const look = () => current()?.apply(settings.values);
  look();
  settings.topic.onChange(look);
  const [{ appMenu }, { showNotifications }, { TransferSigns }] = await Promise.all([
    import('./menu.ts'),
    import('./notifications.ts'),
    import('./transfer-signs.ts'),
  ]);
  const window = () => current()?.window ?? null;
  const { requests, 'request-notices': notices } = mainHandlers.topics;
  showNotifications({ requests, notices, window, open: openRequest });
  const openTransfers = () => {
    show();
    send('files.transfers');
  };
  const platform = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  Menu.setApplicationMenu(appMenu(platform, send, !app.isPackaged));
  return new TransferSigns({ window, open: openTransfers });
}

async function loadMain(folders: HomeFolders, connect: string | null): Promise<RunningMain> {
  const [{ startMain }, { electronFacilities }, { managedSettingsPath }] = await Promise.all([
    import('../start-main.ts'),
    import('./facilities.ts'),
    import('../../settings/managed.ts'),
  ]);
  const { env } = process;
  return startMain({
    folders,
    managedPath: managedSettingsPath(process.platform, env),
    facilities: electronFacilities,
    connect,
    defaultCollector: env.SLIPWAY_COLLECTOR ?? '',
    logLevel: env.SLIPWAY_LOG_LEVEL,
  });
}

/** Waits for the first frame, but not longer than `paintTimeoutMs`: a window that is not visible may never paint one. */
function whenPainted(window: BrowserWindow, painted: () => void): void {
  const late = setTimeout(painted, paintTimeoutMs);
  window.once('ready-to-show', () => {
    clearTimeout(late);
    // After the frame is on the screen.
    setImmediate(painted);
  });
}

/** Lets the app go only when `close` is done, or after five seconds. */
function quitAfter(close: () => Promise<void>): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    void settledWithin(close(), closeMs).then(() => app.exit(0));
  });
}
