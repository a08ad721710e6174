import type { MessagePortMain } from 'electron';
import { sessionHostContract } from '../shared/contract/index.ts';
import { Client } from '../shared/ipc/client.ts';
import { serve } from '../shared/ipc/server.ts';
import { openLog, serverLog } from './app/diagnostics/log.ts';
import { LogNames } from './app/diagnostics/log-names.ts';
import { ticketContract } from './host-contract/ticket.ts';
import { electronPort } from './hosts/electron/electron-port.ts';
import { moreRoots } from './hosts/more-roots.ts';
import { createSessionHost } from './session-host/session-host.ts';
import { setMoreRoots } from './teleport/connect/web-roots.ts';

/** The utility process that carries bytes. Main sends it one port to itself first, then one for each page. Arguments: the logs folder, the data folder. */
const [, , logsFolder = '', dataFolder = ''] = process.argv;
const names = new LogNames();
const log = openLog({ folder: logsFolder, name: 'session', names });
process.on('uncaughtException', (error) => log.error({ err: error }, 'uncaught exception'));
process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'unhandled rejection'));

setMoreRoots(() => moreRoots(process.env, (message) => log.warn(message)));

let handlers: ReturnType<typeof createSessionHost>['handlers'] | undefined;
process.parentPort.on('message', ({ data, ports }: { data: { type: string }; ports: MessagePortMain[] }) => {
  const port = electronPort(ports[0]!);
  if (data.type === 'tickets') {
    const tickets = new Client(ticketContract, port);
    tickets.subscribe('access', (access) => names.set(Object.entries(access).map(([key, { names }]) => ({ key, names }))));
    handlers = createSessionHost({ tickets, log, folder: dataFolder }).handlers;
  } else if (handlers) serve(sessionHostContract, port, handlers, serverLog(log));
});
