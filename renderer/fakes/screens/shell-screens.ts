import { AppError } from '../../../shared/errors/app-error.ts';
import { Topic } from '../../../shared/ipc/server.ts';
import type { BackgroundFailure } from '../../../shared/model/diagnostics.ts';
import type { Document } from '../../../shared/model/document.ts';
import { closeTabs } from '../../workbench/close-tabs.ts';
import type { FakeWorld } from '../fake-app.ts';
import { fill, press, until } from '../page-acts.ts';
import { sampleCluster } from '../samples.ts';
import type { Screen } from '../screen.ts';
import { resourcesTab } from './resource-screens.ts';

const first = sampleCluster();
const clusters = [
  first,
  sampleCluster({
    key: 'grace@staging.example.org:3080',
    address: 'staging.example.org:3080',
    name: 'staging',
    user: 'grace',
    status: 'expired',
    expires: Date.now() - 60_000,
  }),
  sampleCluster({
    key: '@lab.local:3080',
    address: 'lab.local:3080',
    name: 'lab.local',
    user: '',
    status: 'signed-out',
    expires: null,
    problem: { code: 'unreachable', message: 'lab.local does not answer.' },
  }),
];

const ssh = (index: number): Document => ({
  id: `s${index}`,
  kind: 'ssh',
  origin: 'resource_table',
  target: {
    cluster: clusters[index % 2]!.key,
    leaf: '',
    node: `node-${index}`,
    hostname: `worker-${String(index).padStart(3, '0')}`,
    login: index % 3 ? 'ada' : 'root',
  },
});

const tabs = (count: number): FakeWorld => ({
  clusters,
  workspace: { documents: [resourcesTab(), ...Array.from({ length: count }, (_, index) => ssh(index))], active: 'r' },
});

export const shellScreens: Record<string, Screen> = {
  welcome: { world: {} },
  'no-tabs': { world: { clusters } },
  tabs: {
    world: tabs(4),
    act: ({ app }) => {
      app.tabStatuses.getState().report('s0', { isLive: true });
      app.tabStatuses.getState().report('s1', { isConnecting: true });
      app.tabStatuses.getState().report('s2', { isFailed: true });
    },
  },
  'many-tabs': { world: tabs(30), act: ({ app }) => app.workspace.getState().activate('r') },
  'tab-menu': {
    world: tabs(4),
    act: async () => {
      const tab = await until(() => document.getElementById('tab-s1'));
      tab.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, clientX: 420, clientY: 20 }));
    },
  },
  clusters: { world: tabs(2), act: ({ commands }) => commands.run('clusters') },
  'clusters-menu': {
    world: tabs(2),
    act: async ({ commands }) => {
      commands.run('clusters');
      await press('More for teleport');
    },
  },
  menu: { world: tabs(2), act: () => press('Menu') },
  'quick-connect': {
    world: tabs(2),
    act: async ({ commands }) => {
      commands.run('quick-connect');
      await fill('Connect to a server', 'root@api');
    },
  },
  palette: { world: tabs(2), act: ({ commands }) => commands.run('palette') },
  'confirm-close': {
    world: tabs(2),
    act: ({ app }) => {
      app.tabStatuses.getState().report('s0', { isLive: true });
      void closeTabs(app, ['s0']);
    },
  },
  notices: {
    world: tabs(1),
    act: ({ app }) => {
      const { notify } = app.notifications.getState();
      notify({
        tone: 'error',
        title: 'Logging out of staging failed',
        text: 'The folder with the keys cannot be written. Check who owns it, then try again.',
      });
      notify({ tone: 'success', title: 'Copied', text: 'The command is on the clipboard.' });
    },
  },
  'settings-problems': {
    world: { ...tabs(1), problems: ['The settings file could not be read in full: “zoom” must be between 0.5 and 3. The default is used.'] },
  },
  disconnected: { world: {}, act: ({ port }) => port.close() },
  settings: { world: { clusters, workspace: { documents: [{ id: 'settings', kind: 'settings' }], active: 'settings' } } },
  diagnostics: {
    world: {
      clusters,
      workspace: { documents: [{ id: 'diagnostics', kind: 'diagnostics' }], active: 'diagnostics' },
      topics: {
        background: new Topic<BackgroundFailure[]>([
          {
            what: 'to follow the access requests as they change',
            cluster: 'ada@teleport.example.com:443',
            words: 'The cluster refused this. – access denied to perform action "read" on "access_request"',
            failures: 214,
            first: Date.UTC(2026, 10, 30, 9),
            last: Date.UTC(2026, 10, 30, 9, 30),
            isFailing: true,
          },
        ]),
      },
      calls: {
        'app.diagnostics': () => ({
          steps: [
            { name: 'SSH hooks', ok: true, detail: 'present' },
            { name: 'SSH handshake with certificates', ok: true, detail: '12 ms' },
            { name: 'File locks', ok: false, detail: 'flock(2) could not be loaded; tsh and Slipway may write at the same time.' },
          ],
        }),
        'clusters.test-connection': ({ key, step }) => {
          if (step === 'clock')
            throw new AppError(
              'conflict',
              'This computer’s clock is 3 minutes behind the cluster’s, so certificates and codes may be refused. Set the clock, best by the network.',
            );
          return step === 'auth' && key === clusters[0]?.key ? new Promise(() => {}) : { detail: step === 'tcp' ? 'Connected in 12 ms' : 'Found' };
        },
      },
    },
  },
  telemetry: { world: { clusters, workspace: { documents: [{ id: 'telemetry', kind: 'telemetry' }], active: 'telemetry' } } },
  consent: {
    world: { clusters },
    act: ({ topics }) => topics.telemetry.set({ ...topics.telemetry.get(), consent: 'undecided', ask: 'consent' }),
  },
};
