import { request } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

/** The HTTP proxy of the network, which HTTPS_PROXY names; not Teleport's proxy. */
export interface HttpProxy {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Value of `Proxy-Authorization`; empty without a user. */
  readonly authorization: string;
}

/** The HTTP proxy answered, but did not open a tunnel. */
export class TunnelRefused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answered ${status}`);
    this.status = status;
  }
}

/**
 * A tunnel to `address` (host:port) through the proxy that `tcp` leads to (RFC 9110 §9.3.6). The proxy sees the address and TLS bytes, nothing else; one
 * that speaks TLS itself is verified against `ca` (PEM), or Node's roots. Rejects with `TunnelRefused` or the failure of the connection; `tcp` is destroyed then.
 */
export async function openTunnel(tcp: Duplex, proxy: HttpProxy, address: string, signal: AbortSignal, ca?: readonly string[]): Promise<Duplex> {
  try {
    const transport = proxy.isTls ? await secure(tcp, proxy, signal, ca) : tcp;
    return await askForTunnel(transport, proxy, address, signal);
  } catch (caught) {
    tcp.on('error', () => {});
    tcp.destroy();
    throw signal.aborted ? signal.reason : caught;
  }
}

function secure(tcp: Duplex, { host }: HttpProxy, signal: AbortSignal, ca: readonly string[] | undefined): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: tcp,
      host,
      ...(isIP(host) ? {} : { servername: host }),
      ALPNProtocols: ['http/1.1'],
      ...(ca ? { ca: [...ca] } : {}),
    });
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

function askForTunnel(transport: Duplex, proxy: HttpProxy, address: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const asking = request({
      method: 'CONNECT',
      path: address,
      headers: { Host: address, ...(proxy.authorization ? { 'Proxy-Authorization': proxy.authorization } : {}) },
      createConnection: () => transport,
      signal,
    });
    asking.once('error', reject);
    asking.once('response', (response) => {
      response.resume();
      reject(new TunnelRefused(response.statusCode ?? 0));
    });
    asking.once('connect', (response, _socket, head) => {
      // A server speaks only when it is asked, so bytes behind the answer are not from it.
      if (response.statusCode !== 200 || head.length > 0) reject(new TunnelRefused(response.statusCode ?? 0));
      else resolve(transport);
    });
    asking.end();
  });
}
