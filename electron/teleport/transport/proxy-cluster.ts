import { type ClientHttp2Stream, connect } from 'node:http2';
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { teleport } from '../../../proto/gen/teleport.js';
import { toAppError } from './grpc-errors.ts';

const { ProxyClusterRequest, ProxyClusterResponse } = teleport.transport.v1;
const rpc = '/teleport.transport.v1.TransportService/ProxyCluster';
/** gRPC's own limit for a message. */
const maxMessage = 4 * 1024 * 1024;

/**
 * A byte stream to a cluster's auth server through the proxy's TransportService, for clusters without TLS routing (login-and-auth
 * §5.2). Takes over `proxy`, a connection with ALPN `teleport-proxy-ssh-grpc`, and closes it with the stream.
 */
export function openProxyCluster(proxy: TLSSocket, cluster: string): Duplex {
  return new ProxyClusterStream(proxy, cluster);
}

class ProxyClusterStream extends Duplex {
  readonly #close: () => void;
  readonly #call: ClientHttp2Stream;
  readonly #address: string;
  #received: Buffer = Buffer.alloc(0);

  constructor(proxy: TLSSocket, cluster: string) {
    super();
    // After the server has ended the call there is no receiver for further bytes.
    this.once('end', () => this.destroy());
    this.#address = `${proxy.remoteAddress ?? ''}:${proxy.remotePort ?? ''}`;
    const http2 = connect('https://proxy', { createConnection: () => proxy, settings: { enablePush: false } });
    this.#close = () => {
      http2.destroy();
      proxy.destroy();
    };
    http2.on('error', (error) => this.destroy(toAppError(error, this.#context)));
    this.#call = http2.request({ ':method': 'POST', ':path': rpc, 'content-type': 'application/grpc', te: 'trailers' }, { endStream: false });
    this.#call.on('response', (headers) => this.#finish(headers['grpc-status'], headers['grpc-message']));
    this.#call.on('trailers', (headers) => this.#finish(headers['grpc-status'], headers['grpc-message']));
    this.#call.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#call.on('end', () => this.push(null));
    this.#call.on('error', (error) => this.destroy(toAppError(error, this.#context)));
    this.#call.on('close', () => this.destroy());
    this.#call.write(message({ cluster }));
  }

  get #context() {
    return { address: this.#address, rpc };
  }

  #finish(code: unknown, text: unknown): void {
    if (code === undefined || code === '0') return;
    const details = typeof text === 'string' ? decodeText(text) : '';
    this.destroy(toAppError({ code: Number(code), details }, this.#context));
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 5) {
      const length = this.#received.readUInt32BE(1);
      if (length > maxMessage || this.#received[0] !== 0)
        return void this.destroy(toAppError({ code: 13, details: 'message too large or compressed' }, this.#context));
      if (this.#received.length < 5 + length) return;
      const body = this.#received.subarray(5, 5 + length);
      this.#received = this.#received.subarray(5 + length);
      try {
        const payload = ProxyClusterResponse.decode(body).frame?.payload;
        if (payload && payload.length > 0 && !this.push(payload)) this.#call.pause();
      } catch (error) {
        return void this.destroy(toAppError({ code: 13, details: String(error) }, this.#context));
      }
    }
  }

  override _read(): void {
    this.#call.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#call.write(message({ frame: { payload: chunk } }), (error) => done(error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#call.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#close();
    done(error);
  }
}

function message(fields: Parameters<typeof ProxyClusterRequest.encode>[0]): Buffer {
  const body = ProxyClusterRequest.encode(fields).finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
