import type { MainContract } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Handlers } from '../../shared/ipc/server.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import { loadCodec } from './codec.ts';
import type { StampedEvent, UsageEvent } from './events.ts';
import type { EventsTopic } from './events-topic.ts';
import type { StateTopic } from './state-topic.ts';

type Name = Extract<keyof MainContract['calls'], `telemetry.${string}`>;
export type TelemetryCalls = Pick<Handlers<MainContract>['calls'], Name>;

export interface Answering {
  state: StateTopic;
  events: EventsTopic;
  /** Finds an event among all that are kept, once those have been read. */
  find(id: string): Promise<StampedEvent | null>;
  readAll(): Promise<void>;
  record(event: UsageEvent): void;
  decide(answer: 'allow' | 'decline' | 'later'): Promise<void>;
  jobRole(role: string | null): Promise<void>;
  deleteAll(): Promise<void>;
}

/** What the page may ask of telemetry. */
export function telemetryCalls({ state, events, find, readAll, record, decide, jobRole, deleteAll }: Answering): TelemetryCalls {
  return {
    'telemetry.decide': async ({ answer }) => {
      await decide(answer);
      return null;
    },
    'telemetry.job-role': async ({ role }) => {
      await jobRole(role);
      return null;
    },
    'telemetry.app-opened': ({ cluster, origin }) => {
      record({ event: 'protocol_use', cluster, protocol: 'app', origin, through: 'proxy_service' });
      return null;
    },
    'telemetry.bytes': async ({ id }) => {
      const event = await find(id);
      if (!event) throw new AppError('not-found', 'This event is no longer kept.');
      const { encode } = await loadCodec();
      return { hex: event.distinctId === '' ? null : Buffer.from(encode(event)).toString('hex') };
    },
    'telemetry.export': async () => {
      await readAll();
      const { installationId, consent, collector, droppedByLimit } = state.get();
      return { json: `${JSON.stringify({ installationId, consent, collector, droppedByLimit, events: events.list() }, null, 2)}\n` };
    },
    'telemetry.delete-all': async () => {
      await deleteAll();
      return null;
    },
  };
}

/** What the session host reports. */
export const ticketCalls = (record: (event: UsageEvent) => void) => ({
  'session.opened': ({ cluster, protocol, origin }: { cluster: ClusterKey; protocol: 'ssh' | 'db' | 'kube' | 'app'; origin: string }): null => {
    record({ event: 'protocol_use', cluster, protocol, origin, through: protocol === 'ssh' ? 'proxy_service' : 'local_proxy' });
    return null;
  },
  'transfer.started': ({ cluster, upload }: { cluster: ClusterKey; upload: boolean }): null => {
    record({ event: 'file_transfer_run', cluster, upload });
    return null;
  },
});
