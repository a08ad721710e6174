import type { RecordedEvent, TelemetryState, UsageEventName } from '../../../shared/model/telemetry.ts';
import { appDocument } from '../../workbench/documents.ts';
import { press, until } from '../page-acts.ts';
import { sampleTelemetry } from '../sample-telemetry.ts';
import { sampleCluster } from '../samples.ts';
import type { FakeApp, Screen } from '../screen.ts';

const cluster = sampleCluster();
const hashes = [
  { cluster: cluster.key, clusterHash: '6X5Zl5D8ZVyGsWDtJiU/V/bqK73jNpoR32+hOMc6dqQ=', userHash: 'aYdIO2OSDTRyXH5yEsU1aeZIOyOrRkjkvtICFx/0eTE=' },
];
const off: TelemetryState = { ...sampleTelemetry, collector: 'https://usage.example.com', hashes };
const on: TelemetryState = { ...off, consent: 'allowed', installationId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10', waiting: 3 };
const names = { cluster_name: hashes[0]!.clusterHash, user_name: hashes[0]!.userHash };
const fieldsOf: Partial<Record<UsageEventName, RecordedEvent['fields']>> = {
  cluster_login: { ...names, connector_type: 'local', arch: 'x64', os: 'linux', os_version: '6.8.0-45-generic', app_version: '0.1.0' },
  protocol_use: { ...names, protocol: 'ssh', origin: 'resource_table', access_through: 'proxy_service' },
  user_job_role_update: { job_role: 'DevOps Engineer' },
};

const sampleEvents = (count: number): Record<string, RecordedEvent> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const event = index === count - 2 ? 'user_job_role_update' : index % 7 === 0 ? 'cluster_login' : 'protocol_use';
      const state = index >= count - 3 ? 'waiting' : index % 11 === 3 ? 'dropped' : 'sent';
      const time = Date.UTC(2026, 8, 1, 8) + index * 1_234_567;
      const refused = state === 'dropped' && index % 2 === 1;
      const made: RecordedEvent = {
        id: `${index}`,
        time,
        event,
        distinctId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10',
        fields: fieldsOf[event] ?? {},
        state,
        reason: state === 'dropped' ? (refused ? 'refused' : 'limit') : null,
        detail: refused ? 'the collector answered 400 invalid_argument: an unknown field' : '',
        settled: state === 'waiting' ? null : time + 60_000,
      };
      return [made.id, made];
    }),
  );

const ask =
  (state: Partial<TelemetryState>) =>
  ({ topics }: FakeApp) =>
    topics.telemetry.set({ ...off, ...state });
const show =
  (state: Partial<TelemetryState>, count: number, more?: () => Promise<unknown>) =>
  async ({ app, topics }: FakeApp) => {
    topics.telemetry.set({ ...on, ...state });
    topics.events.set(sampleEvents(count));
    app.workspace.getState().open(appDocument('telemetry'));
    await more?.();
  };
const world = {
  clusters: [cluster],
  calls: {
    'telemetry.bytes': () => ({
      hex: '0a2430613661396132652d356430652d346236652d396631622d336236663266316337643130120b0880f2d6ca061080e59a77227c0a2c3658355a6c35',
    }),
  },
};
const settingsPage =
  (state: Partial<TelemetryState>) =>
  async ({ app, topics }: FakeApp) => {
    topics.telemetry.set({ ...on, ...state });
    app.workspace.getState().open(appDocument('settings'));
    (await until(() => document.querySelector('[aria-label="Usage events"]'))).scrollIntoView({ block: 'center' });
  };

export const telemetryScreens: Record<string, Screen> = {
  'telemetry-consent': { world, act: ask({ ask: 'consent' }) },
  'telemetry-consent-no-collector': { world, act: ask({ ask: 'consent', collector: '' }) },
  'telemetry-job-role': { world, act: ask({ ask: 'job-role', consent: 'allowed' }) },
  'telemetry-job-role-other': {
    world,
    act: async (app) => {
      ask({ ask: 'job-role', consent: 'allowed' })(app);
      (await until(() => document.querySelector<HTMLElement>('input[type="radio"][value="other"]'))).click();
    },
  },
  'telemetry-page': { world, act: show({}, 400) },
  'telemetry-page-details': {
    world,
    act: show({}, 400, async () => {
      (await eventRow('cluster_login')).click();
      await press('Show bytes');
    }),
  },
  'telemetry-page-trouble': {
    world,
    act: show({ problem: 'the collector could not be reached (ECONNREFUSED)', droppedByLimit: 12 }, 40, async () =>
      (await eventRow('Dropped')).click(),
    ),
  },
  'telemetry-page-empty': { world, act: show({ waiting: 0 }, 0) },
  'telemetry-page-off': { world, act: show({ ...off, consent: 'declined' }, 0) },
  'telemetry-delete-all': { world, act: show({}, 30, () => press('Delete all')) },
  'telemetry-settings': { world, act: settingsPage({}) },
  'telemetry-settings-managed': { world, act: settingsPage({ ...off, consent: 'declined', managed: { off: true, collector: true } }) },
};

const eventRow = (text: string) =>
  until(() => [...document.querySelectorAll<HTMLElement>('[role="option"]')].find((each) => each.textContent?.includes(text)));
