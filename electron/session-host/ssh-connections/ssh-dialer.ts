// Loaded on first use, because ssh2 and gRPC take their time to load.
import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import { connectSsh, SshAgent, type SshConnection, sshIdentity } from '../../ssh/index.ts';
import { openProxySsh } from '../../teleport/transport/proxy-ssh.ts';
import { ProxySshPool } from '../../teleport/transport/proxy-ssh-pool.ts';

export interface DialOptions {
  signal: AbortSignal;
  progress(step: 'dialling' | 'authenticating'): void;
}

/** Connects to servers by tickets; transports to one proxy with one certificate are shared. */
export class SshDialer {
  readonly #pool: ProxySshPool;

  constructor(pool = new ProxySshPool()) {
    this.#pool = pool;
  }

  async dial(ticket: SshTicket, { signal, progress }: DialOptions): Promise<SshConnection> {
    const identity = sshIdentity(ticket.certificate, ticket.privateKey);
    progress('dialling');
    const sock = await openProxySsh(ticket, this.#pool, { signal, agent: (answer) => new SshAgent(() => [identity], answer) });
    progress('authenticating');
    const { login, hostCas, hostPrincipal } = ticket;
    return connectSsh({ sock, login, identity, hostCas, hostPrincipal, proofRefusal: AppError.fromData(ticket.proofRefusal), signal });
  }

  /** The bare byte stream to the server, for a caller that speaks SSH itself. */
  relay(ticket: SshTicket, signal: AbortSignal): Promise<Duplex> {
    const identity = sshIdentity(ticket.certificate, ticket.privateKey);
    return openProxySsh(ticket, this.#pool, { signal, agent: (answer) => new SshAgent(() => [identity], answer) });
  }

  close(): void {
    this.#pool.close();
  }
}
