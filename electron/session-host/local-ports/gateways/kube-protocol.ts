import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Gateway, PortProtocol } from './gateway.ts';
import { HttpRelay } from './http-relay.ts';
import type { KubeIdentity } from './kube-identity.ts';

/**
 * kubectl gets an answer soon that says why it has to wait, because it shows nothing while it waits; the login goes on
 * (ssh-and-gateways §6.2).
 */
const loginWaitMs = 3000;
/** Both ends are on this computer; a program that does not finish by then never will. */
const handshakeMs = 15_000;

/** The Kubernetes API on a local port, for programs that show the key from the gateway's kubeconfig. */
export class KubeProtocol implements PortProtocol {
  readonly #gateway: Gateway;
  readonly #server: Server;
  readonly #relay: HttpRelay;

  constructor(gateway: Gateway, identity: KubeIdentity) {
    this.#gateway = gateway;
    this.#relay = new HttpRelay(gateway, { admit: (request) => request, unavailable: status, loginWaitMs });
    this.#server = createServer(
      {
        ...identity,
        ca: identity.cert,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.2',
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: handshakeMs,
      },
      (socket) => this.#relay.accept(socket),
    );
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy();
      if (error.code === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' || /certificate/i.test(error.message))
        gateway.reporter.failed(
          new AppError('access-denied', 'A program without the key of this connection’s kubeconfig tried to use it, and was refused.'),
        );
    });
  }

  serve(socket: Socket): void {
    this.#gateway.reporter.traffic.follow(socket);
    this.#server.emit('connection', socket);
    socket.resume();
  }

  close(): void {
    this.#relay.close();
  }
}

/** A `Status` object, which kubectl shows as an error message. */
function status(error: AppError): { status: number; type: string; body: string } {
  const waits = error.code === 'expired' || error.code === 'session-mfa';
  const code = waits ? 504 : 502;
  const message = waits ? `Slipway waits for you: ${error.message}` : error.message;
  return {
    status: code,
    type: 'application/json',
    body: JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      reason: waits ? 'Timeout' : 'ServiceUnavailable',
      code,
    }),
  };
}
