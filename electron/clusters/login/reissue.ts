import { createPublicKey } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../../shared/model/cluster.ts';
import { Mutex } from '../../lib/mutex.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { ClusterRegistry } from '../cluster-registry.ts';
import { pairsFit } from '../profiles/read-credentials.ts';
import type { Wire } from '../wire.ts';

export interface RequestChange {
  /** Ids of access requests to put into force beside those that are. */
  assume: readonly string[];
  /** Ids to end; `*` is all. */
  drop: readonly string[];
}

/** New certificates for the keys on disk, with other access requests in force (login-and-auth §7.7, tsh-profile §1.7). */
export class Reissue {
  readonly #wire: Wire;
  readonly #registry: ClusterRegistry;
  readonly #access: ClusterAccess;
  /** Reissues run one after the other, since each starts from the certificate that the last one left. */
  readonly #turns = new Mutex();

  constructor({ wire, registry, access }: { wire: Wire; registry: ClusterRegistry; access: ClusterAccess }) {
    this.#wire = wire;
    this.#registry = registry;
    this.#access = access;
  }

  /** Resolves once the new certificate is stored and, read back from the disk, has the requests that were asked for. */
  run(key: ClusterKey, change: RequestChange): Promise<void> {
    return this.#turns.run(async () => {
      const login = await this.#access.login(key);
      const { expires } = this.#registry.cluster(key);
      const { credentials } = login;
      const request = {
        ...change,
        user: login.user,
        expires: expires ?? 0,
        sshPublicKey: credentials.sshPub,
        tlsPublicKey: publicPem(credentials.tlsKey),
      };
      const issued = await this.#access.ask(key, '', (client) => client.reissue(request));
      const next = { ...credentials, tlsCert: issued.tlsCertificate, sshCert: issued.sshCertificate };
      if (!pairsFit(next)) throw misfit();
      const { user, cluster, activeRequests } = await this.#wire.readCertificate(next.tlsCert);
      if (user !== login.user || cluster !== login.cluster || !follows(activeRequests, change)) throw misfit();
      await this.#registry.storeCertificates(key, next);
      if (!follows(this.#registry.cluster(key).activeRequests, change)) throw misfit();
    });
  }
}

function follows(active: readonly string[], { assume, drop }: RequestChange): boolean {
  if (drop.includes('*')) return active.length === 0;
  return assume.every((id) => active.includes(id)) && drop.every((id) => !active.includes(id));
}

function publicPem(privateKey: string): string {
  const key = createPublicKey(privateKey);
  return key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'spki', format: 'pem' }).toString();
}

function misfit(): AppError {
  return new AppError(
    'bad-response',
    'The cluster answered with a certificate that does not carry what was asked for. Nothing was changed; try again, and tell its administrator if it stays.',
  );
}
