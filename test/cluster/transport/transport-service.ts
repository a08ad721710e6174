import http2 from 'node:http2';
import type { Duplex } from 'node:stream';
import type tls from 'node:tls';
import { teleport } from '../../../proto/gen/teleport.js';
import { code } from '../auth/errors.ts';
import type { FaultBox } from '../faults.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { FrameDuplex } from './frame-duplex.ts';
import { answer, MessageReader, refuse } from './grpc-frames.ts';
import { proxySsh } from './proxy-ssh.ts';

const service = '/teleport.transport.v1.TransportService';
const mebibyte = 1024 * 1024;

export interface TransportOptions {
  readonly root: ClusterState;
  readonly faults: FaultBox;
  /** Takes a connection to a cluster's auth server; '' is the root's. False for a cluster nobody knows. */
  acceptAuth(cluster: string, stream: Duplex): boolean;
}

/** TransportService (ssh-and-gateways §1) on node:http2, for connections whose client certificate was checked. */
export class TransportService {
  readonly #server = http2.createServer({ settings: { initialWindowSize: 8 * mebibyte, maxConcurrentStreams: 1000 } });
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #peers = new WeakMap<object, Peer>();
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#server.on('sessionError', () => undefined);
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const peer = stream.session && this.#peers.get(stream.session);
      if (peer) this.#serve(stream, String(headers[':path']), peer);
    });
  }

  accept(socket: tls.TLSSocket, peer: Peer): void {
    this.#server.once('session', (session) => {
      this.#sessions.add(session);
      this.#peers.set(session, peer);
      session.setLocalWindowSize(16 * mebibyte);
      session.on('close', () => this.#sessions.delete(session));
    });
    this.#server.emit('connection', socket);
  }

  /** Cuts every connection, like a proxy that restarts. */
  dropAll(): void {
    for (const session of this.#sessions) session.destroy();
  }

  close(): void {
    this.dropAll();
    this.#server.close();
  }

  #serve(stream: http2.ServerHttp2Stream, path: string, peer: Peer): void {
    const { root, faults } = this.#options;
    if (faults.drops('session')) stream.session?.destroy();
    else if (path === `${service}/ProxySSH`) proxySsh(stream, root, peer, faults);
    else if (path === `${service}/ProxyCluster`) this.#proxyCluster(stream);
    else if (path === `${service}/GetClusterDetails`) {
      const end = answer(stream);
      stream.write(Buffer.from([0, 0, 0, 0, 2, 0x0a, 0]));
      end(code.ok, '');
    } else
      refuse(
        stream,
        code.unimplemented,
        path.startsWith(`${service}/`)
          ? `unknown method ${path.slice(service.length + 1)} for service ${service.slice(1)}`
          : `unknown service ${path.split('/')[1]}`,
      );
  }

  #proxyCluster(stream: http2.ServerHttp2Stream): void {
    const reader = new MessageReader();
    let duplex: FrameDuplex | null = null;
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const message of reader.take(chunk)) {
          const { cluster, frame } = teleport.transport.v1.ProxyClusterRequest.decode(message);
          duplex ??= this.#openCluster(stream, cluster ?? '');
          if (duplex && frame?.payload?.length) duplex.receive(Buffer.from(frame.payload));
        }
      } catch {
        stream.close(http2.constants.NGHTTP2_PROTOCOL_ERROR);
      }
    });
    stream.on('end', () => duplex?.push(null));
  }

  #openCluster(stream: http2.ServerHttp2Stream, cluster: string): FrameDuplex | null {
    const duplex = new FrameDuplex(stream, 1);
    if (!this.#options.acceptAuth(cluster, duplex)) {
      refuse(stream, 5, `failed dialing cluster "${cluster}"\n\tcluster "${cluster}" is not found`);
      return null;
    }
    const end = answer(stream);
    duplex.once('finished-writing', () => end(code.ok, ''));
    return duplex;
  }
}
