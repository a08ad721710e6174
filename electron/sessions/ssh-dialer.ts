// Loaded on first use: everything behind it takes its time to load.
import { type SshConnection, SshAgent, connectSsh, sshIdentity } from '../ssh/index.ts';
import { ProxySshPool } from '../teleport/proxy-ssh-pool.ts';
import { openProxySsh } from '../teleport/proxy-ssh.ts';
import type { SshTicket } from './ticket.ts';

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
    const sock = await openProxySsh(ticket, this.#pool, { signal, agent: (answer) => new SshAgent(identity.certificate, identity.sign, answer) });
    progress('authenticating');
    const { login, hostCas, hostPrincipal } = ticket;
    return connectSsh({ sock, login, identity, hostCas, hostPrincipal, signal });
  }

  close(): void {
    this.#pool.close();
  }
}
