import { request } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatAddress } from './address.ts';
import { proxyFor } from './proxy-from-environment.ts';

/** The web proxy between here and everything else, where HTTPS_PROXY names one. */
export interface WebProxy {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Value of `Proxy-Authorization`; empty without a user. */
  readonly authorization: string;
}

/** The way to an https server: through this proxy, or straight when null. `unsupported` when the variable holds something that cannot be used. */
export function webProxyFor(host: string, port: number, environment: NodeJS.ProcessEnv = process.env): WebProxy | null {
  try {
    const url = proxyFor(new URL(`https://${formatAddress(host, port)}`), environment);
    if (!url) return null;
    const { protocol, hostname, username, password } = url;
    if (protocol !== 'http:' && protocol !== 'https:') throw unusable(`names a proxy of the kind ${protocol.slice(0, -1)}`);
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
      secure: protocol === 'https:',
      authorization: username === '' ? '' : `Basic ${Buffer.from(credentials).toString('base64')}`,
    };
  } catch (caught) {
    // The text of a URL error repeats the URL, and with it a password.
    throw caught instanceof AppError ? caught : unusable('is no address');
  }
}

/**
 * A tunnel to `address` (host:port) through the proxy that `tcp` leads to (RFC 9110 §9.3.6). The proxy sees the address and TLS bytes, nothing else. Failures
 * are AppErrors that name the proxy, and never its password; `tcp` is destroyed then.
 */
export async function tunnelThrough(tcp: Duplex, proxy: WebProxy, address: string, signal: AbortSignal): Promise<Duplex> {
  try {
    const way = proxy.secure ? await secure(tcp, proxy, signal) : tcp;
    return await askForTunnel(way, proxy, address, signal);
  } catch (caught) {
    tcp.on('error', () => {});
    tcp.destroy();
    throw signal.aborted ? signal.reason : proxyError(caught, proxy);
  }
}

/** A failure of the way to the proxy itself. */
export function proxyError(caught: unknown, proxy: WebProxy): AppError {
  if (caught instanceof AppError) return caught;
  const where = formatAddress(proxy.host, proxy.port);
  const { code = '' } = caught as NodeJS.ErrnoException;
  return new AppError(
    'unreachable',
    `The web proxy at ${where}, which HTTPS_PROXY names, does not answer as one${code ? ` (${code})` : ''}. Check the variable, and that the proxy can be reached from this network.`,
    { details: { proxy: where }, cause: caught },
  );
}

function secure(tcp: Duplex, { host }: WebProxy, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ socket: tcp, host, ...(isIP(host) ? {} : { servername: host }), ALPNProtocols: ['http/1.1'] });
    const onAbort = () => socket.destroy(new Error('aborted'));
    const settle = (action: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      action();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) =>
      settle(() => {
        socket.on('error', () => {});
        reject(error);
      }),
    );
    socket.once('close', () => settle(() => reject(new Error('closed'))));
    socket.once('secureConnect', () => settle(() => resolve(socket)));
  });
}

function askForTunnel(way: Duplex, proxy: WebProxy, address: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      path: address,
      headers: { Host: address, ...(proxy.authorization ? { 'Proxy-Authorization': proxy.authorization } : {}) },
      createConnection: () => way,
      signal,
    });
    asking.once('error', reject);
    asking.once('response', (response) => {
      response.resume();
      reject(refusal(response.statusCode ?? 0, proxy, address));
    });
    asking.once('connect', (response, _socket, head) => {
      // A server that was not asked anything yet has nothing to say.
      if (response.statusCode !== 200 || head.length > 0) reject(refusal(response.statusCode ?? 0, proxy, address));
      else resolve(way);
    });
    asking.end();
  });
}

function refusal(status: number, proxy: WebProxy, address: string): AppError {
  const where = formatAddress(proxy.host, proxy.port);
  const details = { proxy: where, address, status };
  if (status === 407) {
    const what = proxy.authorization ? 'did not take the user name and password in HTTPS_PROXY' : 'wants a user name and a password';
    return new AppError(
      'access-denied',
      `The web proxy at ${where} ${what}. Write them as http://user:password@${where} there, and start Slipway again.`,
      {
        details,
      },
    );
  }
  return new AppError(
    'unreachable',
    `The web proxy at ${where} does not let this computer through to ${address} (it answered ${status}). Ask who runs it, or name the address in NO_PROXY if there is a direct way.`,
    { details },
  );
}

function unusable(why: string): AppError {
  return new AppError('unsupported', `HTTPS_PROXY ${why}, which Slipway cannot use. Write it like http://proxy.example.com:3128, or take it out.`);
}
