import { sessionHostContract } from '../../shared/contract/index.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import { Client } from '../../shared/ipc/client.ts';
import { portPair } from '../../shared/ipc/port-pair.ts';
import { type Handlers, serve } from '../../shared/ipc/server.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import type { EmbeddedCluster } from '../../test/cluster/index.ts';
import type { ClusterService } from '../clusters/index.ts';
import { logInAs } from '../clusters/testing/log-in.ts';
import { type TestService, uncancelled } from '../clusters/testing/service.ts';
import { type TicketContract, ticketContract } from '../host-contract/ticket.ts';
import { createSessionHost } from '../session-host/session-host.ts';

const quiet = { refused() {}, failed() {} };
const log = { info() {}, warn() {} };

/** Adds the cluster and logs in, as the page would. Answers with the login's key. */
export async function logIn(test: TestService, cluster: EmbeddedCluster, name = 'alice'): Promise<string> {
  const { calls } = test;
  await calls['clusters.trust']({ address: cluster.address, fingerprint: cluster.fingerprint }, uncancelled);
  const { key } = await calls['clusters.add']({ address: cluster.address }, uncancelled);
  return logInAs(test.service, key, cluster.user(name));
}

/** A session host on the tickets of a cluster service, and a page that opens terminals in it. */
export class Terminals {
  readonly #page: Client<typeof sessionHostContract>;
  readonly #host: ReturnType<typeof createSessionHost>;

  constructor(service: ClusterService) {
    const [near, far] = portPair();
    const noted = { 'session.opened': () => null, 'transfer.started': () => null, 'background.report': () => null };
    serve(
      ticketContract,
      far,
      { calls: { ...service.tickets, ...noted }, streams: {}, topics: service.ticketTopics } as Handlers<TicketContract>,
      quiet,
    );
    this.#host = createSessionHost({ tickets: new Client(ticketContract, near), log });
    const [page, served] = portPair();
    serve(sessionHostContract, served, this.#host.handlers, quiet);
    this.#page = new Client(sessionHostContract, page);
  }

  /** Types `line` into a shell on the server, waits for `wanted` and ends it. Fails as the terminal did. */
  run(target: SshTarget, line: string, wanted: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let text = '';
      let seen = false;
      const handle = this.#page.open(
        'terminal',
        { kind: 'ssh', target, origin: 'resource_table', size: { cols: 80, rows: 24 } },
        {
          data: (bytes) => {
            text += Buffer.from(bytes).toString();
            if (seen || !text.includes(wanted)) return;
            seen = true;
            handle.write(Buffer.from('exit\n'));
          },
          message: (message) => {
            if (message.type === 'ready') handle.write(Buffer.from(`${line}\n`));
          },
          end: (error: AppError | null) => (error ? reject(error) : seen ? resolve() : reject(new Error(`the shell ended after ${text}`))),
        },
      );
      handle.grant(1_000_000);
    });
  }

  /** Types `line` into a shell on the server and answers with all it wrote until its end. */
  output(target: SshTarget, line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      const handle = this.#page.open(
        'terminal',
        { kind: 'ssh', target, origin: 'resource_table', size: { cols: 80, rows: 24 } },
        {
          data: (bytes) => {
            text += Buffer.from(bytes).toString();
            handle.grant(bytes.length);
          },
          message: (message) => {
            if (message.type === 'ready') handle.write(Buffer.from(`${line}\n`));
          },
          end: (error: AppError | null) => (error ? reject(error) : resolve(text)),
        },
      );
      handle.grant(64 * 1024);
    });
  }

  close(): void {
    this.#page.close();
    this.#host.close();
  }
}
