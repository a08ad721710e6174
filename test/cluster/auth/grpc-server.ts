import { setTimeout as delay } from 'node:timers/promises';
import type tls from 'node:tls';
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream, type sendUnaryData } from '@grpc/grpc-js';
import type { FaultBox } from '../faults.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { Peer } from '../tls/tls-listener.ts';
import { code, RpcError } from './errors.ts';
import type { Method } from './methods.ts';

interface Connection {
  readonly socket: tls.TLSSocket;
  readonly peer: Peer | null;
  /** Calls that are being answered. */
  readonly calls: Set<AbortController>;
}

type Call = ServerUnaryCall<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>;
const bytes = (value: Buffer) => value;
/** Above the 4 MiB that gRPC clients take: one unknown field of 5 MiB. */
const hugeMessage = Buffer.concat([Buffer.from([0xfa, 0x07, 0x80, 0x80, 0xc0, 0x02]), Buffer.alloc(5 * 1024 * 1024, 0x61)]);

/** A cluster's auth service on grpc-js. Connections come in as TLS sockets whose client certificate was checked already. */
export class GrpcServer {
  readonly #server: Server;
  readonly #injector: ReturnType<Server['createConnectionInjector']>;
  readonly #connections = new Map<string, Connection>();
  readonly #cluster: ClusterState;
  readonly #version: string;
  readonly #faults: FaultBox;
  #tunnels = 0;

  constructor(cluster: ClusterState, methods: readonly Method[], version: string, faults: FaultBox) {
    this.#cluster = cluster;
    this.#version = version;
    this.#faults = faults;
    this.#server = new Server({ 'grpc.max_receive_message_length': 4 * 1024 * 1024, 'grpc.max_send_message_length': -1, 'grpc.enable_channelz': 0 });
    for (const method of methods) {
      if (method.streams)
        this.#server.register(method.path, (call: ServerWritableStream<Buffer, Buffer>) => this.#stream(method, call), bytes, bytes, 'serverStream');
      else
        this.#server.register(
          method.path,
          (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => this.#unary(method, call, done),
          bytes,
          bytes,
          'unary',
        );
    }
    this.#answerUnknown(new Set(methods.map((method) => method.path.split('/')[1]!)));
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  accept(socket: tls.TLSSocket, peer: Peer | null): void {
    if (!socket.remoteAddress) {
      Object.defineProperties(socket, { remoteAddress: { value: 'tunnel' }, remotePort: { value: ++this.#tunnels } });
    }
    const key = `${socket.remoteAddress}:${socket.remotePort}`;
    const connection = { socket, peer, calls: new Set<AbortController>() };
    this.#connections.set(key, connection);
    socket.on('close', () => {
      this.#connections.delete(key);
      for (const call of connection.calls) call.abort();
    });
    this.#injector.injectConnection(socket);
  }

  close(): void {
    this.#injector.destroy();
    this.#server.forceShutdown();
  }

  async #run(method: Method, call: Call, send: (message: Buffer) => void): Promise<'done' | 'cut'> {
    const connection = this.#connections.get(call.getPeer());
    const asked = call.metadata.get('version')[0];
    if (!connection || this.#faults.drops('rpc') || (asked !== undefined && !this.#accepts(String(asked)))) {
      connection?.socket.destroy();
      return 'cut';
    }
    const headers = new Metadata();
    headers.set('version', this.#version);
    call.sendMetadata(headers);
    const { slow, refuse } = this.#faults.current;
    if (slow) await delay(slow);
    if (refuse !== undefined) throw new RpcError(code.permissionDenied, refuse);
    const fault = this.#faults.answer('rpc', method.path);
    if (fault === 'hang') return 'cut';
    const abort = new AbortController();
    call.on('cancelled', () => abort.abort());
    connection.calls.add(abort);
    try {
      await method.run(
        call.request,
        { cluster: this.#cluster, peer: connection.peer, remoteAddress: connection.socket.remoteAddress ?? '127.0.0.1', signal: abort.signal },
        (message) => {
          if (fault === 'garbage') send(Buffer.from('\u00ff\u00fe not protobuf \u0007', 'latin1'));
          else if (fault === 'huge') send(hugeMessage);
          else send(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
        },
      );
    } finally {
      connection.calls.delete(abort);
    }
    return 'done';
  }

  #unary(method: Method, call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>): void {
    let answer: Buffer = Buffer.alloc(0);
    this.#run(method, call, (message) => {
      answer = message;
    }).then(
      (end) => end === 'done' && done(null, answer),
      (error: unknown) => done(status(error)),
    );
  }

  #stream(method: Method, call: ServerWritableStream<Buffer, Buffer>): void {
    this.#run(method, call, (message) => call.write(message)).then(
      (end) => end === 'done' && call.end(),
      (error: unknown) => call.emit('error', status(error)),
    );
  }

  /** Below the minimum, or no semver at all: from 16 on the connection is closed without any answer (login-and-auth §9). */
  #accepts(version: string): boolean {
    if (Number.parseInt(this.#version, 10) < 16) return true;
    const match = /^(\d+)\.\d+\.\d+/.exec(version);
    return match !== null && Number(match[1]) >= Number.parseInt(this.#version, 10) - 1;
  }

  /** grpc-js answers unknown methods in its own words; a Teleport server's words are part of the protocol. */
  #answerUnknown(services: ReadonlySet<string>): void {
    const handlers = Reflect.get(this.#server, 'handlers') as Map<string, unknown>;
    const get = handlers.get.bind(handlers);
    handlers.get = (path: string) =>
      get(path) ?? {
        type: 'unary',
        path,
        serialize: bytes,
        deserialize: bytes,
        func: (_call: unknown, done: sendUnaryData<Buffer>) => {
          const [, service = '', name = ''] = path.split('/');
          done({
            code: code.unimplemented,
            details: services.has(service) ? `unknown method ${name} for service ${service}` : `unknown service ${service}`,
          });
        },
      };
  }
}

function status(error: unknown): { code: number; details: string } {
  if (error instanceof RpcError) return { code: error.code, details: error.message };
  if (error instanceof RangeError || (error instanceof Error && error.message.startsWith('invalid wire type'))) {
    return { code: code.internal, details: 'grpc: error unmarshalling request: unexpected EOF' };
  }
  return { code: code.unknown, details: error instanceof Error ? error.message : String(error) };
}
