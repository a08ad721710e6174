/*
 * Main's services and how they are wired. `ClusterService` holds logins and asks clusters, `AccessRequestService` follows access
 * requests through it, `Telemetry` gathers usage events from both, `AppControl` and `AgentSocket` serve other programs of this
 * computer. `createServices` makes all of them, gives each the pieces of the others that it needs, and merges their calls and
 * topics into the two contracts that main serves: one for the page, one for the session host.
 * A service never imports a host: whatever differs between Electron and the browser host is in `HostFacilities`. `close` ends them
 * in the reverse order, so that a service never loses what it stands on.
 */
import { mkdirSync } from 'node:fs';
import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Handlers } from '../../shared/ipc/server.ts';
import { listeningPath } from '../cli/control-path.ts';
import { ClusterService } from '../clusters/index.ts';
import type { TicketContract } from '../host-contract/ticket.ts';
import { type BackgroundReporter, inBackground } from '../lib/background.ts';
import { AccessRequestService } from '../requests/index.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { StateStore } from '../settings/state-store.ts';
import { telemetrySettings } from '../settings/telemetry-settings.ts';
import { Telemetry } from '../telemetry/index.ts';
import { appCalls } from './app-calls.ts';
import { AgentSocket } from './control/agent-socket.ts';
import { AppControl } from './control/app-control.ts';
import { CommandTopic } from './control/command-topic.ts';
import { BackgroundLog } from './diagnostics/background-log.ts';
import type { Log } from './diagnostics/log.ts';
import type { HomeFolders } from './home-folders.ts';
import type { HostFacilities } from './host-facilities.ts';

export interface ServicesOptions {
  folders: HomeFolders;
  /** The administrator's settings file. */
  managedPath: string;
  facilities: HostFacilities;
  log: Log;
  /** A cluster's address to offer when it is not known yet. */
  connect: string | null;
  /** Used while the settings name no collector of usage events. */
  defaultCollector: string;
}

/** Main's services, composed: the same in Electron, the browser host and tests. */
export interface Services {
  settings: SettingsStore;
  commands: CommandTopic;
  background: BackgroundReporter;
  mainHandlers: Handlers<MainContract>;
  ticketHandlers: Handlers<TicketContract>;
  /** Resolves when everything that had to be written is on the disk and nothing is open any more. */
  close(): Promise<void>;
}

export function createServices(options: ServicesOptions): Services {
  const { folders, facilities, log } = options;
  mkdirSync(folders.home, { recursive: true, mode: 0o700 });
  const settings = new SettingsStore({ path: folders.settings, managedPath: options.managedPath });
  const state = new StateStore({ path: folders.state });
  const commands = new CommandTopic();
  const background = new BackgroundLog(log);
  const clusters = new ClusterService({
    homes: { own: folders.ownProfiles, tsh: folders.tshProfiles },
    settings: settings.topic,
    background,
    browser: {
      openBrowser: (url) =>
        facilities.openLink(url).then(
          () => true,
          () => false, // the page shows the address instead
        ),
      focusApp: facilities.focusApp,
    },
  });
  const requests = new AccessRequestService({ clusters, background, basketsPath: folders.baskets });
  settings.addProblems([...state.problems, ...clusters.problems, ...requests.problems]);
  for (const problem of settings.topic.get().problems) log.warn(problem);
  const telemetry = new Telemetry({
    folder: folders.telemetry,
    settings: telemetrySettings(settings),
    clusters: clusters.topic,
    appVersion: facilities.version,
    collector: options.defaultCollector,
    note: (message) => log.info(message),
    background,
  });
  const control = new AppControl({ home: folders.home, clusters, commands, command: facilities.command });
  const agent = new AgentSocket({ path: () => listeningPath(folders.home, 'agent'), clusters, background });
  const followAgent = () => void agent.set(settings.values.ssh.agent);
  const forgetAgent = settings.topic.onChange(followAgent);
  followAgent();
  const forgetLogin = clusters.onLogin((login) => telemetry.loggedIn(login));
  const forgetUses = requests.onUse((use) => telemetry.record(use));
  const parts: Parts = { settings, state, commands, background, clusters, requests, telemetry, control };
  start(parts, options.connect);
  return {
    settings,
    commands,
    background,
    mainHandlers: mainHandlers(parts, options),
    ticketHandlers: ticketHandlers(parts),
    close: async () => {
      forgetLogin();
      forgetUses();
      forgetAgent();
      await Promise.allSettled([control.close(), agent.close()]);
      await requests.close();
      await Promise.allSettled([clusters.close(), telemetry.close()]);
      await Promise.allSettled([settings.close(), state.settled()]);
    },
  };
}

interface Parts {
  settings: SettingsStore;
  state: StateStore;
  commands: CommandTopic;
  background: BackgroundLog;
  clusters: ClusterService;
  requests: AccessRequestService;
  telemetry: Telemetry;
  control: AppControl;
}

/** What the page is served. */
function mainHandlers(parts: Parts, { folders, facilities }: ServicesOptions): Handlers<MainContract> {
  const { settings, state, commands, background, clusters, requests, telemetry, control } = parts;
  return {
    calls: {
      ...clusters.handlers,
      ...requests.handlers,
      ...telemetry.calls,
      ...appCalls({ folders, facilities, settings, state, control }),
    },
    streams: { ...clusters.streams },
    topics: {
      clusters: clusters.topic,
      questions: clusters.questions,
      requests: requests.topic,
      'request-notices': requests.notices,
      settings: settings.topic,
      commands,
      background: background.topic,
      'screen-reader': facilities.screenReader,
      ...telemetry.topics,
    },
  };
}

/** What the session host is served. */
function ticketHandlers({ background, clusters, telemetry }: Parts): Handlers<TicketContract> {
  return {
    calls: {
      ...clusters.tickets,
      ...telemetry.ticketCalls,
      'background.report': ({ error, ...work }) => {
        if (error) background.failed(work, AppError.fromData(error));
        else background.worked(work);
        return null;
      },
    },
    streams: {},
    topics: clusters.ticketTopics,
  };
}

/** Begins what goes on by itself: the socket of the command line, and the reading of the logins that are stored. */
function start({ settings, commands, background, clusters, control }: Parts, connect: string | null): void {
  const listening = control.start();
  inBackground(background, { what: 'to listen for the command line “slipway”', cluster: '' }, listening);
  void listening
    .catch((caught: unknown) => `The command line cannot reach Slipway: ${AppError.from(caught).message}`)
    .then((problem) => settings.addProblems(problem === null ? [] : [problem]));
  const offered = clusters.start().then(() => {
    const isKnown = clusters.topic.get().some(({ address }) => address === connect);
    if (connect && !isKnown) commands.send('clusters.add', connect);
  });
  inBackground(background, { what: 'to read the clusters of the last time', cluster: '' }, offered);
}
