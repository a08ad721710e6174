/*
 * The two contracts of the page: with main, and with the session host. Each part of the table (app, clusters, files, local ports,
 * requests, telemetry, terminals) names its calls, streams and topics with the schemas of their values. The same table makes the
 * types of callers and handlers and checks every message on arrival, on both sides (shared/ipc), so adding a call is one line here
 * and one handler.
 */
import type { Contract } from '../ipc/define.ts';
import { appCalls, appTopics } from './app.ts';
import { clustersCalls, clustersStreams, clustersTopics } from './clusters.ts';
import { filesCalls, filesStreams, filesTopics } from './files.ts';
import { localPortsCalls, localPortsTopics } from './local-ports.ts';
import { questionsCalls, questionsTopics } from './questions.ts';
import { requestsCalls, requestsTopics } from './requests.ts';
import { telemetryCalls, telemetryTopics } from './telemetry.ts';
import { terminalsCalls, terminalsStreams } from './terminals.ts';

/** Calls and topics of main for the page. */
export const mainContract = {
  calls: { ...appCalls, ...clustersCalls, ...questionsCalls, ...requestsCalls, ...telemetryCalls },
  streams: { ...clustersStreams },
  topics: { ...appTopics, ...clustersTopics, ...questionsTopics, ...requestsTopics, ...telemetryTopics },
} satisfies Contract;

/** Calls, streams and topics of the session host for the page: everything that carries bytes. */
export const sessionHostContract = {
  calls: { ...filesCalls, ...localPortsCalls, ...terminalsCalls },
  streams: { ...filesStreams, ...terminalsStreams },
  topics: { ...filesTopics, ...localPortsTopics },
} satisfies Contract;

export type MainContract = typeof mainContract;
export type SessionHostContract = typeof sessionHostContract;
