/*
 * The process that carries bytes. The page opens a stream here for each terminal and file transfer, and never waits for main:
 * terminals/ runs shells and SSH sessions, files/ browses and transfers, local-ports/ listens on loopback for databases,
 * Kubernetes, apps and forwards. All SSH goes through `SshConnections`, which shares one connection per server and login.
 * What this process does not have is a login. For each connection it asks main for a ticket (host-contract), keeps it in memory
 * only, and `AccessWatch` ends connections when main says that the access they rest on is over. If this process dies, main starts
 * another one; logins and windows are not affected.
 */
import { join } from 'node:path';
import type { SessionHostContract } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { Handlers } from '../../shared/ipc/server.ts';
import type { TicketContract } from '../host-contract/ticket.ts';
import { inBackground } from '../lib/background.ts';
import { AccessWatch } from './access-watch.ts';
import { backgroundReports } from './background-reports.ts';
import { createFiles } from './files/index.ts';
import { ConnectionService } from './local-ports/index.ts';
import { SshConnections } from './ssh-connections/ssh-connections.ts';
import type { SshDialer } from './ssh-connections/ssh-dialer.ts';
import { startSshRelay } from './ssh-relay.ts';
import { terminalPrograms } from './terminals/programs/index.ts';
import { Terminals } from './terminals/terminals.ts';

export interface SessionHostOptions {
  tickets: Client<TicketContract>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  env?: NodeJS.ProcessEnv;
  /** Data folder of the app, where the queue of transfers and the list of connections are kept. Without it, they live as long as the process. */
  folder?: string;
  /** Called once, with the first connection. */
  loadDialer?: () => Promise<SshDialer>;
}

/** Composes everything that carries bytes, behind the session host's contract. `close` ends all of it. */
export function createSessionHost({ tickets, log, env = process.env, folder, loadDialer = importDialer }: SessionHostOptions): {
  handlers: Handlers<SessionHostContract>;
  close(): Promise<void>;
} {
  const background = backgroundReports(tickets);
  const access = new AccessWatch(tickets);
  let dialer: Promise<SshDialer> | undefined;
  const connections = new SshConnections(async (ticket, options) => {
    dialer ??= loadDialer();
    return (await dialer).dial(ticket, options);
  });
  const local = new ConnectionService({
    tickets,
    access,
    background,
    env,
    folder: folder ? join(folder, 'connections') : null,
    borrow: async (target, signal) => connections.borrow(await tickets.call('ticket.ssh', target, { signal }), { signal, progress: () => {} }),
  });
  inBackground(background, { what: 'to open the local connections of the last time', cluster: '' }, local.start());
  const relay = folder ? startSshRelay(folder, { tickets, dialer: () => (dialer ??= loadDialer()), background }) : null;
  const failed = (what: string, error: AppError) => log.warn({ what, code: error.code, err: error }, 'a session failed');
  const files = createFiles({ tickets, access, connections, folder: folder ?? null, background, failed });
  // Only the variables that the person's own environment has are sent to servers.
  const remoteEnv: Record<string, string> = env.LANG ? { LANG: env.LANG } : {};
  const terminals = new Terminals(terminalPrograms({ tickets, connections, local, env, remoteEnv, failed }));

  return {
    handlers: {
      calls: { ...files.calls, ...local.calls, 'terminals.kept': ({ page }) => terminals.kept(page) },
      streams: {
        ...files.streams,
        terminal: (params, stream) => terminals.open(params, stream),
      },
      topics: { ...files.topics, connections: local.topic },
    },
    async close() {
      terminals.close();
      await Promise.all([files.close(), local.close(), relay?.close()]);
      connections.close();
      access.close();
      void dialer?.then((loaded) => loaded.close());
    },
  };
}

async function importDialer(): Promise<SshDialer> {
  const { SshDialer } = await import('./ssh-connections/ssh-dialer.ts');
  return new SshDialer();
}
