/*
 * How a TLS connection to a Teleport proxy is made; everything that talks to a cluster goes through here. `dialThroughProxy` makes
 * the TCP connection, through the HTTP proxy of the environment if there is one. `dialTls` puts TLS on it and, where a load
 * balancer hides ALPN, a connection upgrade with a second TLS inside. Without `ca` the other side is checked as a web server
 * (`trust.ts`: the system's roots, or exactly the certificate that the person trusts); with `ca` it has to be signed by that
 * cluster's host CA. `tls-errors.ts` turns what the libraries say into sentences.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { AppError } from '../../../shared/errors/app-error.ts';
import { deadline } from '../../lib/deadline.ts';
import { formatAddress, splitAddress } from './address.ts';
import { upgradeConnection } from './connection-upgrade.ts';
import { dialTcp } from './dial-tcp.ts';
import { httpProxyFor, proxyError, tunnelThrough } from './http-proxy.ts';
import type { ProxyRoute } from './proxy-route.ts';
import { connectionError, isAlpnFailure, timeoutError } from './tls-errors.ts';
import { checkWebCertificate } from './trust.ts';
import { knowsOnlyLegacyUpgrade } from './versions.ts';
import { webRoots, withMoreRoots } from './web-roots.ts';

/**
 * One TLS connection. With `upgrade` it goes through a connection upgrade: the outer TLS is a web connection, and the other fields
 * describe the inner one.
 */
export interface TlsTarget extends Pick<ProxyRoute, 'host' | 'port'>, Partial<Pick<ProxyRoute, 'upgrade' | 'version' | 'trustedFingerprint'>> {
  /** SNI and the name that the certificate must carry; the host when absent. */
  readonly servername?: string;
  readonly alpn: readonly string[];
  /** PEM. With it the other side is verified against these alone; without it as a web server (system roots or the trusted fingerprint). */
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  /** Made of the same `ca`, `cert` and `key`, to be used instead of them: making one takes longer than a handshake. */
  readonly context?: SecureContext;
  readonly signal?: AbortSignal;
}

/** TCP, TLS and an upgrade are some round trips; a person who waits longer assumes that nothing happens. */
const dialTimeoutMs = 15_000;
/** A load balancer may swallow the probe without an answer, and the login waits for it. */
const probeTimeoutMs = 5_000;

/** A verified TLS connection to a proxy. Failures are AppErrors. The caller closes the socket, and gives it an `error` listener. */
export async function dialTls(target: TlsTarget): Promise<TLSSocket> {
  const address = formatAddress(target.host, target.port);
  const { signal, done } = deadline(target.signal, dialTimeoutMs, () => timeoutError(address));
  try {
    return await withMoreRoots(async () => secureOn(await dialThroughProxy(target.host, target.port, signal), target, signal));
  } catch (error) {
    throw target.signal?.aborted ? AppError.from(target.signal.reason) : connectionError(signal.aborted ? signal.reason : error, address);
  } finally {
    done();
  }
}

/** The same on an existing TCP connection, which is destroyed when this fails. */
export async function secureOn(tcp: Duplex, target: TlsTarget, signal: AbortSignal): Promise<TLSSocket> {
  if (!target.upgrade) return handshake(tcp, target, signal);
  const address = formatAddress(target.host, target.port);
  const outer = await handshake(
    tcp,
    { host: target.host, port: target.port, alpn: ['http/1.1'], trustedFingerprint: target.trustedFingerprint ?? null },
    signal,
  );
  const tunnel = await upgradeConnection(outer, address, knowsOnlyLegacyUpgrade(target.version ?? ''), signal);
  return handshake(tunnel, target, signal);
}

/**
 * Whether connections to this proxy need the upgrade: true when the proxy does not return an ALPN name of Teleport's own
 * (login-and-auth §4.4). Rejects with an AppError when that cannot be found out.
 */
export async function needsUpgrade(address: string, options: { trustedFingerprint?: string | null; signal?: AbortSignal } = {}): Promise<boolean> {
  const offered = 'teleport-reversetunnel';
  const signal = AbortSignal.any([AbortSignal.timeout(probeTimeoutMs), ...(options.signal ? [options.signal] : [])]);
  try {
    const { host, port } = splitAddress(address);
    const target = { host, port, alpn: [offered], trustedFingerprint: options.trustedFingerprint ?? null };
    const socket = await withMoreRoots(async () => handshake(await dialThroughProxy(host, port, signal), target, signal));
    socket.on('error', () => {});
    const negotiated = socket.alpnProtocol;
    socket.destroy();
    return negotiated !== offered;
  } catch (error) {
    if (isAlpnFailure(error)) return true;
    const isCancelled = options.signal?.aborted && options.signal.reason?.name !== 'TimeoutError';
    if (isCancelled) throw AppError.from(options.signal?.reason);
    throw signal.aborted ? timeoutError(address) : connectionError(error, address);
  }
}

/** A TCP connection, or a tunnel through the HTTP proxy that the environment names; that proxy then looks up the host's name. */
export async function dialThroughProxy(host: string, port: number, signal: AbortSignal): Promise<Duplex> {
  const proxy = httpProxyFor(host, port);
  if (!proxy) return dialTcp(host, port, signal);
  let tcp: Duplex;
  try {
    tcp = await dialTcp(proxy.host, proxy.port, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : proxyError(error, proxy);
  }
  return tunnelThrough(tcp, proxy, formatAddress(host, port), signal);
}

function handshake(raw: Duplex, target: TlsTarget, signal: AbortSignal): Promise<TLSSocket> {
  const web = target.ca === undefined;
  const context = target.context ?? (web ? webRoots() : null);
  const address = formatAddress(target.host, target.port);
  const servername = target.servername ?? target.host;
  return new Promise((resolve, reject) => {
    let socket: TLSSocket;
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', onAbort);
      socket?.on('error', () => {});
      socket?.destroy();
      raw.on('error', () => {});
      raw.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    try {
      signal.throwIfAborted();
      socket = connectTls({
        socket: raw,
        // The name is checked against `host`; SNI must not be an address (RFC 6066 §3).
        host: servername,
        ...(isIP(servername) ? {} : { servername }),
        ALPNProtocols: [...target.alpn],
        minVersion: 'TLSv1.2',
        // A web certificate is judged below, before a single byte is sent.
        rejectUnauthorized: !web,
        ...(context
          ? { secureContext: context }
          : {
              ...(target.ca ? { ca: [...target.ca] } : {}),
              ...(target.cert ? { cert: target.cert } : {}),
              ...(target.key ? { key: target.key } : {}),
            }),
      });
    } catch (error) {
      return fail(error);
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const closed = () => fail(new Error('Connection closed before it was secure'));
    socket.once('error', fail);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      try {
        if (web) checkWebCertificate(socket, address, target.trustedFingerprint);
      } catch (error) {
        return fail(error);
      }
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', fail);
      socket.removeListener('close', closed);
      resolve(socket);
    });
  });
}
