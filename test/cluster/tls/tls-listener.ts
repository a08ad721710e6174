import 'reflect-metadata';
import { X509Certificate as NodeCertificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { X509Certificate } from '@peculiar/x509';
import { type Identity, readIdentity } from '../pki/identity.ts';
import type { TlsIdentity } from '../pki/x509.ts';
import { alerts, sendAlert } from './tls-alert.ts';

/** The client side of a TLS connection: who it is, until when. */
export interface Peer {
  readonly identity: Identity;
  readonly expires: number;
}

export interface TlsListenerOptions {
  readonly identity: TlsIdentity;
  readonly protocols: readonly string[];
  /** Set: a client certificate is asked for, and one that does not hold is refused with the alert a real server sends. */
  readonly client?: {
    /** PEM of the user CA. */
    readonly ca: string;
    readonly required: boolean;
    /** The only name under `.teleport.cluster.local`, besides that suffix itself, which selects this CA. */
    readonly serverName: string;
  };
  readonly now: () => number;
  onConnection(socket: tls.TLSSocket, peer: Peer | null): void;
}

const internalName = '.teleport.cluster.local';

/** A TLS terminator that never listens by itself; connections come through `accept`. */
export class TlsListener {
  readonly #server: tls.Server;
  readonly #secrets = new WeakMap<tls.TLSSocket, Buffer>();

  constructor(options: TlsListenerOptions) {
    const { client } = options;
    const caKey = client && new NodeCertificate(client.ca).publicKey;
    this.#server = tls.createServer({
      cert: options.identity.cert,
      key: options.identity.key,
      minVersion: 'TLSv1.2',
      ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
      ALPNProtocols: [...options.protocols],
      ...(client ? { ca: client.ca, requestCert: true, rejectUnauthorized: false } : {}),
    });
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on('keylog', (line: Buffer, socket: tls.TLSSocket) => {
      const text = line.toString('latin1').trim();
      if (text.startsWith('SERVER_TRAFFIC_SECRET_0 ')) this.#secrets.set(socket, Buffer.from(text.slice(text.lastIndexOf(' ') + 1), 'hex'));
    });
    this.#server.on('secureConnection', (socket: tls.TLSSocket & { servername?: string | false }) => {
      socket.on('error', () => socket.destroy());
      const certificate = client && socket.getPeerX509Certificate();
      if (!client || !caKey || !certificate) {
        if (client?.required) this.#refuse(socket, alerts.certificateRequired);
        else options.onConnection(socket, null);
        return;
      }
      const name = socket.servername || '';
      const expires = Date.parse(certificate.validTo);
      if ((name.endsWith(internalName) && name !== client.serverName) || !certificate.verify(caKey)) this.#refuse(socket, alerts.unknownCa);
      else if (options.now() >= expires) this.#refuse(socket, alerts.certificateExpired);
      else options.onConnection(socket, { identity: readIdentity(new X509Certificate(certificate.raw)), expires });
    });
  }

  accept(stream: Duplex): void {
    this.#server.emit('connection', stream);
  }

  #refuse(socket: tls.TLSSocket, alert: number): void {
    const secret = this.#secrets.get(socket);
    if (secret && socket.getProtocol() === 'TLSv1.3') setImmediate(() => sendAlert(socket, secret, alert));
    else socket.destroy();
  }
}
