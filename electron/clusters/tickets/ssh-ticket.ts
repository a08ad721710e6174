import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SshTarget } from '../../../shared/model/document.ts';
import type { SshTicket } from '../../host-contract/ticket.ts';
import { proxyOf } from '../../teleport/connect/proxy-route.ts';
import { routeOf } from '../auth-clients.ts';
import { serverProofRefusal } from '../login/mfa-ceremony.ts';
import { readSshCas, type UsableLogin } from '../profiles/read-profiles.ts';
import type { ProxyFacts } from '../proxy-facts.ts';
import { serverRoute } from '../targets/server.ts';

/** All that the session host needs for one connection to a server, out of a stored login. */
export async function sshTicket(login: UsableLogin, target: SshTarget, facts: ProxyFacts): Promise<SshTicket> {
  const { servername, dial, hostPrincipal } = serverRoute(target, login.cluster);
  const owner = dial.cluster;
  const [route, hostCas] = await Promise.all([routeOf(login, '', facts), readSshCas(login, owner)]);
  if (hostCas.length === 0) {
    throw new AppError(
      'host-key',
      `Nothing is known here that could vouch for servers of ${owner}. Log in again to fetch its certificate authority.`,
    );
  }
  const { credentials } = login;
  const certificate = createHash('sha256').update(credentials.sshCert).update(credentials.tlsCert).digest('hex');
  return {
    connectionKey: JSON.stringify([target.cluster, owner, dial.hostPort, target.login, certificate]),
    proxy: proxyOf(route),
    tls: { servername, ca: [...route.ca], cert: route.cert, key: route.key },
    dial,
    login: target.login,
    certificate: credentials.sshCert,
    privateKey: credentials.sshKey,
    hostCas,
    hostPrincipal,
    proofRefusal: serverProofRefusal(target).toData(),
  };
}
