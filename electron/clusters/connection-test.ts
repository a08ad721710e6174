import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '../../shared/errors/app-error.ts';
import type { ClusterKey } from '../../shared/model/cluster.ts';
import type { ConnectionStep } from '../../shared/model/diagnostics.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import { resourceQuerySchema } from '../../shared/model/resource.ts';
import type { SshTicket } from '../host-contract/ticket.ts';
import { abortReason, deadline, orAborted, throwIfAborted } from '../lib/deadline.ts';
import { formatAddress, splitAddress } from '../teleport/connect/address.ts';
import type { ClusterAccess } from './cluster-access.ts';
import type { ClusterRegistry } from './cluster-registry.ts';
import type { ProxyFactsStore } from './proxy-facts.ts';
import { handshake } from './tickets/ssh-handshake.ts';
import type { Wire } from './wire.ts';

export interface ConnectionTestOptions {
  wire: Wire;
  access: ClusterAccess;
  registry: ClusterRegistry;
  facts: ProxyFactsStore;
  ticket(target: SshTarget): Promise<SshTicket>;
  now: () => number;
}

/** A person waits for each step, so one that takes longer counts as failed. */
const stepMs = 5000;
/** Lists contain servers that are offline, so several are tried; the time of one step is not enough for more. */
const maxServers = 10;
/** Certificates are valid from a minute before they are made, and one-time codes for half a minute. */
const toleratedClockMs = 30_000;

/** The steps by which a connection to a cluster is tested, each on its own: `run` resolves to what was found, or rejects with what to do. */
export class ConnectionTest {
  readonly #options: ConnectionTestOptions;

  constructor(options: ConnectionTestOptions) {
    this.#options = options;
  }

  async run(key: ClusterKey, step: ConnectionStep, cancelled: AbortSignal): Promise<string> {
    const { address } = this.#options.registry.cluster(key);
    const { connectionError, timeoutError } = await import('../teleport/connect/tls-errors.ts');
    const { signal, done } = deadline(cancelled, stepMs, () => timeoutError(address));
    try {
      throwIfAborted(signal);
      return await orAborted(this.#steps[step](key, address, signal), signal);
    } catch (caught) {
      throw signal.aborted ? abortReason(signal) : connectionError(caught, address);
    } finally {
      done();
    }
  }

  readonly #steps: Record<ConnectionStep, (key: ClusterKey, address: string, signal: AbortSignal) => Promise<string>> = {
    'web-proxy': async (_key, address) => {
      const proxy = await httpProxyOf(address);
      return proxy ? `${formatAddress(proxy.host, proxy.port)}, which HTTPS_PROXY names` : 'None: connections go straight';
    },
    name: async (_key, address) => {
      const { host } = (await httpProxyOf(address)) ?? splitAddress(address);
      if (isIP(host)) return `${host} is an address, there is no name to look up`;
      const found = await lookup(host, { all: true });
      return `${host} is ${found.map((one) => one.address).join(', ')}`;
    },
    tcp: async (_key, address, signal) => {
      const { dialThroughProxy } = await import('../teleport/connect/tls.ts');
      const { host, port } = splitAddress(address);
      const began = performance.now();
      const socket = await dialThroughProxy(host, port, signal);
      socket.on('error', () => {});
      socket.destroy();
      return `Connected in ${Math.round(performance.now() - began)} ms`;
    },
    web: async (_key, address, signal) => {
      const { clusterName, serverVersion } = await this.#options.access.pingProxy(address, signal);
      return `${clusterName} with Teleport ${serverVersion}`;
    },
    clock: async (key, _address, signal) => {
      const offset = await this.#options.access.clockOffset(key, signal);
      if (Math.abs(offset) <= toleratedClockMs) return offset === 0 ? 'The clocks agree' : `${Math.round(Math.abs(offset) / 1000)} s apart`;
      const by = Math.abs(offset) < 120_000 ? `${Math.round(Math.abs(offset) / 1000)} seconds` : `${Math.round(Math.abs(offset) / 60_000)} minutes`;
      throw new AppError(
        'conflict',
        `This computer’s clock is ${by} ${offset > 0 ? 'behind' : 'ahead of'} the cluster’s, so certificates and codes may be refused. Set the clock, best by the network.`,
      );
    },
    certificate: async (key) => {
      const { expires, status } = this.#options.registry.cluster(key);
      if (status === 'signed-out') throw new AppError('expired', 'You are not logged in to this cluster. Log in to test the rest.');
      if (expires === null || expires <= this.#options.now()) throw new AppError('expired', 'Your login has expired. Log in again to test the rest.');
      return `Good until ${new Date(expires).toLocaleString()}`;
    },
    upgrade: async (key, address, signal) => {
      const { wire, facts, registry } = this.#options;
      const { profile } = registry.find(key);
      if (profile.tls_routing_enabled === false) return 'Not needed: each protocol has a port of its own';
      const isNeeded = await wire.needsUpgrade(address, { trustedFingerprint: facts.get(address).trustedFingerprint, signal });
      const isUsed = profile.tls_routing_conn_upgrade_required ?? false;
      if (isNeeded && !isUsed)
        throw new AppError(
          'conflict',
          'A load balancer in front of the cluster hides part of its traffic since the last login. Log in again, and Slipway goes around it.',
        );
      return isNeeded ? 'Needed, and used: a load balancer stands in front of the cluster' : 'Not needed';
    },
    auth: async (key, _address, signal) => {
      const { clusterName, serverVersion } = await this.#options.access.ask(key, '', (client) => client.ping(signal));
      return `${clusterName} answers, with Teleport ${serverVersion}`;
    },
    ssh: async (key, _address, signal) => {
      const { access, registry, ticket } = this.#options;
      const [login] = registry.cluster(key).logins;
      const query = resourceQuerySchema.parse({ cluster: key, kinds: ['node'], limit: maxServers });
      const { resources } = await access.ask(key, '', (client) => client.listUnifiedResources({ ...query, availability: 'accessible' }, signal));
      let last: AppError | null = null;
      for (const { id, name } of login ? resources : []) {
        try {
          await handshake(await ticket({ cluster: key, leaf: '', node: id, hostname: name, login: login ?? '' }), signal);
          return `${name} as ${login}`;
        } catch (caught) {
          last = AppError.from(caught);
          if (last.code === 'login-refused') return `${name} answers, and does not let ${login} in`;
          // An offline server says nothing about the route to the others, so the next one is tried.
          if (last.code !== 'node-offline') throw last;
        }
      }
      if (last) throw last;
      return 'Not tried: there is no server that this login may use';
    },
  };
}

async function httpProxyOf(address: string) {
  const { httpProxyFor } = await import('../teleport/connect/http-proxy.ts');
  const { host, port } = splitAddress(address);
  return httpProxyFor(host, port);
}
