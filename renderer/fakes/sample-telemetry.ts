import type { TelemetryState } from '../../shared/model/telemetry.ts';

/** Before anybody was asked. */
export const sampleTelemetry: TelemetryState = {
  consent: 'undecided',
  ask: null,
  collector: '',
  collectorProblem: null,
  managed: { off: false, collector: false },
  installationId: null,
  waiting: 0,
  droppedByLimit: 0,
  problem: null,
  hashes: [],
};
