import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import tls from 'node:tls';
import { publicKeyLine, toSshPublicKey } from '../../../electron/ssh/public-key.ts';
import type { EmbeddedCluster } from '../index.ts';
import { MessageReader } from '../transport/grpc-frames.ts';
import { isSince } from '../versions.ts';

export interface WebAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly json: unknown;
}

/** A client for the cluster's own tests. It uses nothing of the app, so that both cannot share a mistake. */
export function web(
  cluster: EmbeddedCluster,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<WebAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        host: cluster.host,
        port: cluster.port,
        path,
        method,
        ca: cluster.webCaPem,
        agent: false,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          let json: unknown;
          try {
            json = JSON.parse(text);
          } catch {
            json = undefined;
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        });
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
}

export interface Session {
  readonly username: string;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly tlsPublicKey: string;
  readonly sshCert: string;
  readonly sshKey: ReturnType<typeof generateKeyPairSync>['privateKey'];
  readonly sshPublicKey: string;
  readonly hostCa: string;
  readonly hostSshCa: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const unbase64 = (text: string) => Buffer.from(text, 'base64').toString('utf8');

export function newKeys(kind: 'pair' | 'rsa' = 'pair') {
  if (kind === 'rsa') {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return {
      sshKey: privateKey,
      sshPublicKey: `${publicKeyLine(toSshPublicKey(publicKey))}\n`,
      tlsKey: privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
      tlsPublicKey: publicKey.export({ type: 'pkcs1', format: 'pem' }) as string,
    };
  }
  const ssh = generateKeyPairSync('ed25519');
  const tlsPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    sshKey: ssh.privateKey,
    sshPublicKey: `${publicKeyLine(toSshPublicKey(ssh.publicKey))}\n`,
    tlsKey: tlsPair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    tlsPublicKey: tlsPair.publicKey.export({ type: 'spki', format: 'pem' }) as string,
  };
}

export async function login(cluster: EmbeddedCluster, name: string, ttl = 3600_000): Promise<Session> {
  const user = cluster.user(name);
  const legacy = !isSince(cluster.version, 17);
  const keys = newKeys(legacy ? 'rsa' : 'pair');
  const fields = legacy ? { pub_key: base64(keys.sshPublicKey) } : { ssh_pub_key: base64(keys.sshPublicKey), tls_pub_key: base64(keys.tlsPublicKey) };
  const answer = await web(cluster, 'POST', '/webapi/mfa/login/finish', {
    user: name,
    password: user.password,
    totp_code: user.totp(),
    ...fields,
    ttl: ttl * 1e6,
  });
  if (answer.status !== 200) throw new Error(`login answered ${answer.status}: ${answer.text}`);
  const json = answer.json as { username: string; cert: string; tls_cert: string; host_signers: { checking_keys: string[]; tls_certs: string[] }[] };
  return {
    ...keys,
    username: json.username,
    tlsCert: unbase64(json.tls_cert),
    sshCert: unbase64(json.cert),
    hostCa: unbase64(json.host_signers[0]!.tls_certs[0]!),
    hostSshCa: unbase64(json.host_signers[0]!.checking_keys[0]!),
  };
}

export interface RpcAnswer {
  readonly status: number;
  readonly message: string;
  readonly messages: Buffer[];
  readonly headers: http2.IncomingHttpHeaders;
}

export const hexName = (name: string) => Buffer.from(name).toString('hex');

export interface RpcOptions {
  readonly alpn?: readonly string[];
  readonly servername?: string;
  readonly ca?: string;
  readonly metadata?: Record<string, string>;
  /** Which cluster's auth server; '' for TransportService. */
  readonly cluster?: string;
  readonly anonymous?: boolean;
  /** Cancels the call after this many messages. */
  readonly until?: number;
  readonly port?: number;
}

export function connectTls(cluster: EmbeddedCluster, session: Session, options: RpcOptions = {}): tls.TLSSocket {
  const target = options.cluster ?? cluster.name;
  return tls.connect({
    host: cluster.host,
    port: options.port ?? cluster.port,
    servername: options.servername ?? `${hexName(cluster.name)}.teleport.cluster.local`,
    ca: options.ca ?? session.hostCa,
    ALPNProtocols: [
      ...(options.alpn ?? [target === '' ? 'teleport-proxy-ssh-grpc' : `teleport-auth@${hexName(target)}.teleport.cluster.local`, 'h2']),
    ],
    ...(options.anonymous ? {} : { cert: session.tlsCert, key: session.tlsKey }),
  });
}

/** One RPC on a connection of its own; a connection that fails rejects with its error. */
export async function rpc(
  cluster: EmbeddedCluster,
  session: Session,
  path: string,
  request: Uint8Array,
  options: RpcOptions = {},
): Promise<RpcAnswer> {
  const socket = connectTls(cluster, session, options);
  await once(socket, 'secureConnect');
  return rpcOver(socket, path, request, options);
}

export async function rpcOver(socket: tls.TLSSocket, path: string, request: Uint8Array, options: RpcOptions = {}): Promise<RpcAnswer> {
  const client = http2.connect('https://cluster', { createConnection: () => socket });
  try {
    return await new Promise<RpcAnswer>((resolve, reject) => {
      client.on('error', reject);
      socket.on('error', reject);
      const stream = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...options.metadata });
      const reader = new MessageReader();
      const messages: Buffer[] = [];
      let headers: http2.IncomingHttpHeaders = {};
      let trailers: http2.IncomingHttpHeaders = {};
      stream.on('response', (received) => {
        headers = received;
      });
      stream.on('trailers', (received) => {
        trailers = received;
      });
      stream.on('data', (chunk: Buffer) => {
        try {
          messages.push(...reader.take(chunk));
        } catch (error) {
          stream.destroy();
          reject(error);
        }
        if (options.until !== undefined && messages.length >= options.until) stream.close(http2.constants.NGHTTP2_CANCEL);
      });
      stream.on('error', (error) => (options.until === undefined ? reject(error) : undefined));
      stream.on('close', () => {
        const status = trailers['grpc-status'] ?? headers['grpc-status'];
        if (status === undefined && options.until === undefined) reject(new Error('the stream ended without a status'));
        else
          resolve({
            status: Number(status ?? 1),
            message: decodeURIComponent(String(trailers['grpc-message'] ?? headers['grpc-message'] ?? '')),
            messages,
            headers,
          });
      });
      const head = Buffer.alloc(5);
      head.writeUInt32BE(request.length, 1);
      stream.end(Buffer.concat([head, request]));
    });
  } finally {
    client.destroy();
    socket.destroy();
  }
}
