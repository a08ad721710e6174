import { AppError } from '../../../shared/errors/app-error.ts';
import type { SessionContract } from '../../../shared/ipc/contract.ts';
import { type Handlers, Topic } from '../../../shared/ipc/server.ts';
import type { Connections } from '../../../shared/model/gateway.ts';

type ConnectionCalls = Pick<Handlers<SessionContract>['calls'], Extract<keyof SessionContract['calls'], `connections.${string}`>>;

export interface ConnectionHandlers {
  calls: ConnectionCalls;
  topics: Pick<Handlers<SessionContract>['topics'], 'connections'>;
}

const missing = (): never => {
  throw new AppError('unsupported', 'Connections cannot be opened yet.');
};

export function createConnections(): ConnectionHandlers {
  return {
    calls: {
      'connections.open': missing,
      'connections.reopen': missing,
      'connections.close': missing,
      'connections.remove': missing,
      'connections.change-port': missing,
      'connections.change-database': missing,
      'connections.change-namespace': missing,
      'connections.change-target-port': missing,
      'connections.change-forward': missing,
      'connections.merge-kubeconfig': missing,
      'connections.open-in': missing,
    },
    topics: { connections: new Topic<Connections>({ rows: {}, problem: null }) },
  };
}
