import { type MainContract, mainContract, sessionHostContract } from '../../shared/contract/index.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { type Handlers, serve, Topic } from '../../shared/ipc/server.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import type { Document } from '../../shared/model/document.ts';

import { leafOf } from '../../shared/model/pane-tree.ts';
import type { Workspace } from '../../shared/model/workspace.ts';
import { defaultSettings, type Settings } from '../../shared/settings/settings.ts';
import { type AppState, createAppState } from '../state/app-state.ts';
import type { AppInfo } from '../state/connection.ts';
import { type FakeLogin, fakeLogin } from './fake-login.ts';
import { fakeRequests } from './fake-requests.ts';
import { fakeResources } from './fake-resources.ts';
import { sampleTelemetry } from './sample-telemetry.ts';
import { sampleAuthSettings, sampleInfo, sampleResource } from './samples.ts';
import { silentSessionHost } from './silent-session-host.ts';

type SessionHostHandlers = Handlers<typeof sessionHostContract>;

export interface FakeWorld {
  info?: Partial<AppInfo>;
  clusters?: Cluster[];
  settings?: Partial<Settings>;
  problems?: string[];
  /** The saved tabs; as documents, each is a tab of its own with the document's id. */
  workspace?: Workspace | { documents: readonly Document[]; active: string | null };
  /** How many resources the cluster has; 200 unless told. */
  resources?: number;
  /** Where access requests stand; nowhere unless told. */
  requests?: TopicValueOf<'requests'>;
  calls?: Partial<Handlers<MainContract>['calls']>;
  login?: FakeLogin;
  topics?: Partial<Handlers<MainContract>['topics']>;
  terminal?: SessionHostHandlers['streams']['terminal'];
  /** Anything else of the session host; what is not given fails as an internal error. */
  sessionHostCalls?: Partial<SessionHostHandlers['calls']>;
  sessionHostStreams?: Partial<SessionHostHandlers['streams']>;
  sessionHostTopics?: Partial<SessionHostHandlers['topics']>;
}

type TopicValueOf<N extends keyof Handlers<MainContract>['topics']> = Handlers<MainContract>['topics'][N] extends { get(): infer V } ? V : never;

export function workspaceOf(given: NonNullable<FakeWorld['workspace']>): Workspace {
  if ('tabs' in given) return given;
  return { tabs: given.documents.map((document) => ({ id: document.id, root: leafOf(document), focus: document.id })), active: given.active };
}

/** A window's state on a main process that is made up: the real contract over a pipe inside the page. */
export function createFakeApp(world: FakeWorld = {}) {
  const info = { ...sampleInfo, ...world.info };
  const clusters = new Topic<Cluster[]>(world.clusters ?? []);
  const settings = new Topic<TopicValueOf<'settings'>>({
    values: { ...defaultSettings, ...world.settings },
    problems: world.problems ?? [],
    managed: [],
  });
  const commands = new Topic<TopicValueOf<'commands'>>({ serial: 0, command: '', argument: '' });
  const screenReader = new Topic(info.screenReader);
  const telemetry = new Topic<TopicValueOf<'telemetry'>>({ ...sampleTelemetry, consent: 'declined' });
  const requests = new Topic<TopicValueOf<'requests'>>(world.requests ?? {});
  const questions = new Topic<TopicValueOf<'questions'>>([]);
  const notices = new Topic<TopicValueOf<'request-notices'>>([]);
  const events = new Topic<TopicValueOf<'telemetry-events'>>({});
  const resources = Array.from({ length: world.resources ?? 200 }, (_, index) => sampleResource(index));
  const [near, far] = portPair();
  const log = { refused: (what: string, reason: string) => console.error(what, reason), failed: console.error };
  // What a screen does not need is left out, and fails as an internal error where it is asked for.
  const calls: FakeWorld['calls'] = {
    'app.info': () => info,
    'app.open-logs': () => ({ folder: info.logsFolder }),
    'app.open-editor': () => null,
    'app.open-link': () => null,
    'app.diagnostics': () => ({ steps: [] }),
    'clusters.add': () => ({ key: clusters.get()[0]?.key ?? '@teleport.example.com:443' }),
    'clusters.trust': () => null,
    'clusters.auth-settings': () => sampleAuthSettings,
    'clusters.refresh': () => null,
    'clusters.test-connection': () => ({ detail: '' }),
    'clusters.logout': () => null,
    'clusters.forget': () => null,
    'questions.answer': () => null,
    'resources.list': fakeResources(resources),
    ...fakeRequests,
    'ssh.config': () => ({ text: '# Begin of Slipway’s servers\n' }),
    'ssh.agent-socket': () => ({ path: '/home/ada/.config/Slipway/control/agent.sock' }),
    'settings.update': ({ terminal, profiles, ssh, ...rest }) => {
      const { values, ...others } = settings.get();
      settings.set({
        ...others,
        values: {
          ...values,
          ...rest,
          terminal: { ...values.terminal, ...terminal },
          profiles: { ...values.profiles, ...profiles },
          ssh: { ...values.ssh, ...ssh },
        },
      });
      return null;
    },
    'workspace.load': () => workspaceOf(world.workspace ?? { tabs: [], active: null }),
    'workspace.save': () => null,
    'telemetry.decide': () => null,
    'telemetry.job-role': () => null,
    'telemetry.bytes': () => ({ hex: null }),
    'telemetry.export': () => ({ json: '{}' }),
    'telemetry.delete-all': () => null,
    ...world.calls,
  };
  const topics: Partial<Handlers<MainContract>['topics']> = {
    clusters,
    questions,
    requests,
    'request-notices': notices,
    settings,
    commands,
    background: new Topic([]),
    'screen-reader': screenReader,
    telemetry,
    'telemetry-events': events,
    ...world.topics,
  };
  const streams: Handlers<MainContract>['streams'] = {
    'clusters.login': fakeLogin(world.login ?? {}, () => clusters.get()[0]?.key ?? 'ada@teleport.example.com:443'),
  };
  const stopMain = serve(mainContract, far, { calls, streams, topics } as unknown as Handlers<MainContract>, log);
  const [nearHost, farHost] = portPair();
  const hostHandlers = silentSessionHost({
    calls: world.sessionHostCalls,
    streams: { terminal: world.terminal ?? (() => {}), 'files.watch': () => {}, ...world.sessionHostStreams },
    topics: world.sessionHostTopics,
  });
  const stopHost = serve(sessionHostContract, farHost, hostHandlers, log);
  const client = new Client(sessionHostContract, nearHost);
  const app: AppState = createAppState({
    main: new Client(mainContract, near),
    sessionHost: () => client,
    onSessionHost: () => () => {},
    page: { secret: 'a secret of 32 characters or more.', running: new Set() },
    info,
    closed: new Promise((resolve) => near.onClose(resolve)),
  });
  const dispose = () => {
    app.dispose();
    stopMain();
    stopHost();
  };
  return { app, dispose, topics: { clusters, questions, requests, notices, settings, commands, screenReader, telemetry, events }, port: near };
}
