import { AppError, type ErrorData } from '../../shared/errors/app-error.ts';
import { type Cluster, clusterKey } from '../../shared/model/cluster.ts';
import type { StoredLogin } from './profiles/read-profiles.ts';
import type { ProxyFacts } from './proxy-facts.ts';

/** What a user certificate says, as `electron/teleport/certs/certificates.ts` reads it. */
export interface CertificateFacts {
  roles: readonly string[];
  logins: readonly string[];
  activeRequests: readonly string[];
  /** Milliseconds since the epoch. */
  expires: number;
}

/** What the cluster itself has told since the app started. */
export interface LiveFacts {
  leaves: { name: string; online: boolean }[];
  problem: ErrorData | null;
}

export interface LoginView {
  login: StoredLogin;
  home: 'own' | 'tsh';
  facts: ProxyFacts;
  live: LiveFacts;
  certificate: CertificateFacts | null;
}

export const keyOf = (login: StoredLogin) => clusterKey(login.user, login.address);

/** One cluster of the topic, from the files on the disk and the facts that are known beside them. */
export function describeLogin({ login, home, facts, live, certificate }: LoginView, now: number): Cluster {
  const status = certificate === null ? 'signed-out' : certificate.expires <= now ? 'expired' : 'signed-in';
  return {
    key: keyOf(login),
    address: login.address,
    name: certificate ? login.cluster : (facts.clusterName ?? login.cluster),
    user: login.user,
    home,
    status,
    problem: unusable(login) ?? live.problem,
    serverVersion: facts.serverVersion,
    edition: facts.edition,
    authClusterId: facts.authClusterId,
    expires: certificate?.expires ?? null,
    roles: [...(certificate?.roles ?? [])],
    logins: [...(certificate?.logins ?? [])],
    activeRequests: [...(certificate?.activeRequests ?? [])],
    leaves: status === 'signed-out' ? [] : live.leaves,
    trustedFingerprint: facts.trustedFingerprint,
  };
}

/** Why a login's files cannot be used although they exist. */
function unusable({ reading }: StoredLogin): ErrorData | null {
  switch (reading.state) {
    case 'hardware-key':
      return new AppError(
        'hardware-key',
        'This login is kept on a hardware key, which Slipway cannot use. Use tsh for it, or log in here as another user.',
      ).toData();
    case 'mismatch':
      return new AppError('unsupported', 'The files of this login are incomplete or do not belong together. Log in again.').toData();
    default:
      return null;
  }
}
