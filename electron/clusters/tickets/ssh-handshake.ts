import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';

/** Logs in to the server of a ticket by SSH, and ends at once. Opens no session. Loaded on first use: SSH takes its time to load. */
export async function handshake(ticket: SshTicket, signal: AbortSignal): Promise<void> {
  const [{ connectSsh, SshAgent, sshIdentity }, { openProxySsh }, { ProxySshPool }] = await Promise.all([
    import('../../ssh/index.ts'),
    import('../../teleport/transport/proxy-ssh.ts'),
    import('../../teleport/transport/proxy-ssh-pool.ts'),
  ]);
  const identity = sshIdentity(ticket.certificate, ticket.privateKey);
  const pool = new ProxySshPool();
  try {
    const sock = await openProxySsh(ticket, pool, { signal, agent: (answer) => new SshAgent(() => [identity], answer) });
    const { login, hostCas, hostPrincipal } = ticket;
    (await connectSsh({ sock, login, identity, hostCas, hostPrincipal, proofRefusal: AppError.fromData(ticket.proofRefusal), signal })).close();
  } finally {
    pool.close();
  }
}
