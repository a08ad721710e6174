import type { Contract } from '../ipc/define.ts';
import { appCalls, appTopics } from './app.ts';
import { clustersCalls, clustersStreams, clustersTopics } from './clusters.ts';
import { filesCalls, filesStreams, filesTopics } from './files.ts';
import { localPortsCalls, localPortsTopics } from './local-ports.ts';
import { requestsCalls, requestsTopics } from './requests.ts';
import { telemetryCalls, telemetryTopics } from './telemetry.ts';
import { terminalsCalls, terminalsStreams } from './terminals.ts';

/** What the renderer may ask of main, and what main tells it. */
export const mainContract = {
  calls: { ...appCalls, ...clustersCalls, ...requestsCalls, ...telemetryCalls },
  streams: { ...clustersStreams },
  topics: { ...appTopics, ...clustersTopics, ...requestsTopics, ...telemetryTopics },
} satisfies Contract;

/** What the renderer may ask of the session host: everything that carries bytes. */
export const sessionHostContract = {
  calls: { ...filesCalls, ...localPortsCalls, ...terminalsCalls },
  streams: { ...filesStreams, ...terminalsStreams },
  topics: { ...filesTopics, ...localPortsTopics },
} satisfies Contract;

export type MainContract = typeof mainContract;
export type SessionHostContract = typeof sessionHostContract;
