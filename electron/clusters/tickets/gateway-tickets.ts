import { createPrivateKey } from 'node:crypto';
import type { GatewayTarget } from '../../../shared/model/gateway.ts';
import type { GatewayTicket } from '../../host-contract/ticket.ts';
import { routeOf } from '../auth-clients.ts';
import type { ClusterAccess } from '../cluster-access.ts';
import type { ClusterRegistry } from '../cluster-registry.ts';
import { sessionProofRefusal } from '../login/mfa-ceremony.ts';
import type { ProxyFacts } from '../proxy-facts.ts';
import { findTarget } from '../targets/find-target.ts';
import type { Wire } from '../wire.ts';

export interface GatewayTicketsOptions {
  access: ClusterAccess;
  registry: ClusterRegistry;
  factsOf(address: string): ProxyFacts;
  wire: Wire;
}

/** A program waits for its connection meanwhile; finding the target and issuing a certificate are two or three calls. */
const timeoutMs = 20_000;

/** Certificates for databases, apps and Kubernetes clusters: each for one target, with a key that is used for nothing else. */
export class GatewayTickets {
  readonly #options: GatewayTicketsOptions;

  constructor(options: GatewayTicketsOptions) {
    this.#options = options;
  }

  /**
   * `not-found` when the target does not exist; `session-mfa` when it wants its own second factor; `expired` when only a new login
   * helps.
   */
  async ticket(wanted: GatewayTarget): Promise<GatewayTicket> {
    const { access, registry, wire } = this.#options;
    const login = await access.login(wanted.cluster);
    const signal = AbortSignal.timeout(timeoutMs);
    const owner = wanted.leaf || login.cluster;
    const root = await routeOf(login, '', this.#options.factsOf(login.address));
    const usesRsa = wanted.kind === 'database' || createPrivateKey(login.credentials.tlsKey).asymmetricKeyType === 'rsa';
    const making = wire.generateTargetKey(usesRsa ? 'rsa' : 'p256');
    making.catch(() => {}); // awaited below, unless the cluster refuses first
    const found = await access.ask(wanted.cluster, wanted.leaf, async (client) => {
      const known = await findTarget(wanted.kind, wanted, { login, root, owner }, client, signal);
      if (known.mfaQuestion && (await client.targets.isMfaRequired(known.mfaQuestion, signal))) throw sessionProofRefusal(wanted.name, 'tsh');
      return known;
    });
    const { expires, activeRequests } = registry.cluster(wanted.cluster);
    const key = await making;
    const request = { ...key, cluster: owner, user: login.user, expires: expires ?? 0, requests: activeRequests };
    const cert = await access.ask(wanted.cluster, '', async (client) =>
      client.targets.certificate({ ...request, use: await found.certificateUse(client, signal) }, signal),
    );
    const { expires: until } = await wire.readCertificate(cert);
    return {
      proxy: found.route.proxy,
      tls: { ...found.route.tls, cert, key: key.privateKey },
      expires: until,
      requests: activeRequests,
      protocol: found.protocol,
      owner,
      targetPorts: found.targetPorts,
    };
  }
}
