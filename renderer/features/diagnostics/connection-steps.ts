import type { MainContract } from '../../../shared/contract/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Client } from '../../../shared/ipc/client.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import { type ConnectionStep, connectionStepSchema } from '../../../shared/model/diagnostics.ts';

export interface StepResult {
  step: ConnectionStep;
  /** `skipped`: a step that it depends on has failed. */
  state: 'waiting' | 'running' | 'ok' | 'failed' | 'skipped';
  detail: string;
}

export const stepNames: Record<ConnectionStep, string> = {
  'web-proxy': 'Web proxy',
  name: 'Name',
  tcp: 'TCP connection',
  web: 'Teleport proxy',
  clock: 'Clock',
  certificate: 'Certificate of your login',
  upgrade: 'Connection upgrade',
  auth: 'Auth server (gRPC)',
  ssh: 'SSH handshake',
};

/** The steps that a step depends on. */
const needs: Partial<Record<ConnectionStep, ConnectionStep[]>> = {
  name: ['web-proxy'],
  tcp: ['name'],
  web: ['tcp'],
  clock: ['web'],
  upgrade: ['web', 'certificate'],
  auth: ['web', 'certificate'],
  ssh: ['auth'],
};

/** Runs one step after the other and reports the progress. Ends early when the signal is aborted. */
export async function testConnection(
  main: Pick<Client<MainContract>, 'call'>,
  key: ClusterKey,
  onProgress: (steps: readonly StepResult[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const results: StepResult[] = connectionStepSchema.options.map((step) => ({ step, state: 'waiting', detail: '' }));
  const bad = new Set<ConnectionStep>();
  const tell = (index: number, step: ConnectionStep, state: StepResult['state'], detail = '') => {
    if (state === 'failed' || state === 'skipped') bad.add(step);
    results[index] = { step, state, detail };
    if (!signal.aborted) onProgress([...results]);
  };
  for (const [index, { step }] of results.entries()) {
    if (signal.aborted) return;
    const missing = needs[step]?.find((other) => bad.has(other));
    if (missing) {
      tell(index, step, 'skipped', `Not tried, since “${stepNames[missing]}” did not work.`);
      continue;
    }
    tell(index, step, 'running');
    try {
      tell(index, step, 'ok', (await main.call('clusters.test-connection', { key, step }, { signal })).detail);
    } catch (caught) {
      tell(index, step, 'failed', AppError.from(caught).message);
    }
  }
}
