/*
 * What both hosts share. A host decides where the app runs: `electron/` opens a window and runs the session host as a utility
 * process; `browser/` serves the page to a browser and runs everything in one Node process. Both call `startMain`, which opens the
 * log, creates the services and serves the two contracts over whatever ports the host has.
 */
import { mainContract } from '../../shared/contract/index.ts';
import { serve } from '../../shared/ipc/server.ts';
import type { Port } from '../../shared/ipc/wire.ts';
import type { Cluster } from '../../shared/model/cluster.ts';
import { type Log, openLog, serverLog } from '../app/diagnostics/log.ts';
import { LogNames } from '../app/diagnostics/log-names.ts';
import { createServices, type Services, type ServicesOptions } from '../app/services.ts';
import { ticketContract } from '../host-contract/ticket.ts';
import { setMoreRoots } from '../teleport/connect/web-roots.ts';
import { moreRoots } from './more-roots.ts';

/** Main's side of everything, running: its services, its log, and both contracts ready to be served. */
export interface RunningMain {
  log: Log;
  services: Services;
  /** Serves a page. */
  serveMain(port: Port): void;
  /** Serves the session host. */
  serveTickets(port: Port): void;
}

export function startMain(options: Omit<ServicesOptions, 'log'> & { logLevel?: string | undefined }): RunningMain {
  const names = new LogNames();
  const log = openLog({ folder: options.folders.logs, name: 'main', level: options.logLevel, names });
  const { host, version, electron } = options.facilities;
  log.info({ host, version, electron, node: process.versions.node, platform: process.platform, arch: process.arch }, 'started');
  setMoreRoots(() => moreRoots(process.env, (message) => log.warn(message)));
  const services = createServices({ ...options, log });
  const { clusters } = services.mainHandlers.topics;
  const hideNames = (value: Cluster[]) =>
    names.set(value.map(({ key, name, leaves }) => ({ key, names: [name, ...leaves.map((leaf) => leaf.name)] })));
  clusters.onChange(hideNames);
  hideNames(clusters.get());
  return {
    log,
    services,
    serveMain: (port) => void serve(mainContract, port, services.mainHandlers, serverLog(log)),
    serveTickets: (port) => void serve(ticketContract, port, services.ticketHandlers, serverLog(log)),
  };
}
