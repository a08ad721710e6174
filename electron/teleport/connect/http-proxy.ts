import type { Duplex } from 'node:stream';
import { AppError } from '../../../shared/errors/app-error.ts';
import { systemCode } from '../../lib/system-calls.ts';
import { formatAddress } from './address.ts';
import { type ProxyEnvironment, proxyFor } from './proxy-from-environment.ts';
import { type HttpProxy, openTunnel, TunnelRefused } from './tunnel.ts';
import { unknownIssuer } from './web-roots.ts';

/**
 * The HTTP proxy for connections to an https server, or null to connect directly. `unsupported` when the variable holds something
 * that cannot be used.
 */
export function httpProxyFor(host: string, port: number, environment: ProxyEnvironment = process.env): HttpProxy | null {
  try {
    const url = proxyFor(new URL(`https://${formatAddress(host, port)}`), environment);
    if (!url) return null;
    const { protocol, hostname, username, password } = url;
    if (protocol !== 'http:' && protocol !== 'https:') throw unusable(`names a proxy of the kind ${protocol.slice(0, -1)}`);
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (protocol === 'https:' ? 443 : 80),
      isTls: protocol === 'https:',
      authorization: username === '' ? '' : `Basic ${Buffer.from(credentials).toString('base64')}`,
    };
  } catch (caught) {
    // The text of a URL error repeats the URL, and with it a password.
    throw caught instanceof AppError ? caught : unusable('is no address');
  }
}

/** `openTunnel` with AppErrors that name the proxy but never its password. */
export async function tunnelThrough(tcp: Duplex, proxy: HttpProxy, address: string, signal: AbortSignal): Promise<Duplex> {
  try {
    return await openTunnel(tcp, proxy, address, signal);
  } catch (caught) {
    if (signal.aborted) throw signal.reason;
    throw caught instanceof TunnelRefused ? refusal(caught.status, proxy, address) : proxyError(caught, proxy);
  }
}

/** A failure of the connection to the HTTP proxy itself. */
export function proxyError(caught: unknown, proxy: HttpProxy): AppError {
  const where = formatAddress(proxy.host, proxy.port);
  const code = systemCode(caught) ?? '';
  // The name of a system error helps the proxy's administrator; the text of a TLS library helps nobody.
  const shown = /^E[A-Z]+$/.test(code) ? ` (${code})` : '';
  const what = unknownIssuer.test(code)
    ? 'has a certificate that is not signed by anybody this computer knows. Ask who runs it for the authority that signed it, and have that installed here.'
    : `does not answer as one${shown}. Check the variable, and that the proxy can be reached from this network.`;
  return new AppError('unreachable', `The web proxy at ${where}, which HTTPS_PROXY names, ${what}`, { details: { proxy: where }, cause: caught });
}

function refusal(status: number, proxy: HttpProxy, address: string): AppError {
  const where = formatAddress(proxy.host, proxy.port);
  const details = { proxy: where, address, status };
  if (status === 407) {
    const what = proxy.authorization ? 'did not take the user name and password in HTTPS_PROXY' : 'wants a user name and a password';
    return new AppError(
      'access-denied',
      `The web proxy at ${where} ${what}. Write them as http://user:password@${where} there, and start Slipway again.`,
      { details },
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
