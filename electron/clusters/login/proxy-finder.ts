import { AppError } from '../../../shared/errors/app-error.ts';
import type { BackgroundReporter } from '../../lib/background.ts';
import { formatAddress, parseAddress } from '../../teleport/connect/address.ts';
import type { Ping } from '../../teleport/web/webapi.ts';
import { normalFingerprint, type ProxyFactsStore } from '../proxy-facts.ts';
import type { Wire } from '../wire.ts';
import { publicAddress } from './profile-of-ping.ts';

/** Finds proxies behind typed addresses, and keeps the decisions to trust their certificates. */
export class ProxyFinder {
  readonly #wire: Wire;
  readonly #facts: ProxyFactsStore;
  readonly #background: BackgroundReporter;
  /** Trust decisions for a host that was typed without a port, until it is known at which port the proxy is. */
  readonly #undecidedPort = new Map<string, string>();

  constructor(wire: Wire, facts: ProxyFactsStore, background: BackgroundReporter) {
    this.#background = background;
    this.#wire = wire;
    this.#facts = facts;
  }

  /** Remembers that the certificate with this fingerprint is good for the proxy at this address, and for no other. Answers with the address; null when its port is not known yet. */
  async trust(typed: string, text: string): Promise<string | null> {
    const fingerprint = normalFingerprint(text);
    if (!fingerprint) throw new AppError('invalid-argument', 'This is no SHA-256 fingerprint of a certificate.');
    const { host, port } = parseAddress(typed);
    if (port === null) {
      this.#undecidedPort.set(host, fingerprint);
      return null;
    }
    const address = formatAddress(host, port);
    await this.#facts.update(address, { trustedFingerprint: fingerprint });
    return address;
  }

  /**
   * The proxy behind a typed address, under the name that it wants to be known by (tsh-profile §1.3), if the same proxy
   * answers there; else under the typed one.
   */
  async find(typed: string, signal: AbortSignal): Promise<{ address: string; ping: Ping }> {
    const { host, port } = parseAddress(typed);
    const trusted = port === null ? this.#trustedAt(host) : this.#facts.get(formatAddress(host, port)).trustedFingerprint;
    const found = await this.#wire.findProxy(typed, { trustedFingerprint: trusted, signal });
    const named = publicAddress(found.ping);
    const address = named && named !== found.address && (await this.#isSameProxy(named, found.ping, trusted, signal)) ? named : found.address;
    if (trusted) await this.#facts.update(address, { trustedFingerprint: trusted });
    this.#undecidedPort.delete(host);
    return { address, ping: found.ping };
  }

  /** The trust decision for a host that was typed without a port: the one just made, or the one for the proxy that is known there. */
  #trustedAt(host: string): string | null {
    const known = [443, 3080].map((port) => this.#facts.get(formatAddress(host, port)).trustedFingerprint);
    return this.#undecidedPort.get(host) ?? known.find((fingerprint) => fingerprint !== null) ?? null;
  }

  async #isSameProxy(address: string, ping: Ping, trusted: string | null, signal: AbortSignal): Promise<boolean> {
    try {
      const web = await this.#wire.webApi({ address, trust: trusted ?? this.#facts.get(address).trustedFingerprint });
      return (await web.ping(signal)).clusterName === ping.clusterName;
    } catch (caught) {
      signal.throwIfAborted();
      this.#background.failed({ what: `to reach the proxy at ${address}, its own name for itself`, cluster: '' }, caught);
      return false;
    }
  }
}
