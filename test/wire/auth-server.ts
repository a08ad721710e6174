import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { emptyIdentity } from '../cluster/pki/identity.ts';
import { type CertificateAuthority, createAuthority, issueHostCertificate, issueUserCertificate } from '../cluster/pki/x509.ts';
import { TlsListener } from '../cluster/tls/tls-listener.ts';
import { type LocalServer, listen } from './servers.ts';

/** Certificates of a made-up root cluster and one leaf, and of a person on the root. */
export interface Identities {
  readonly user: CertificateAuthority;
  readonly rootHost: CertificateAuthority;
  readonly leafHost: CertificateAuthority;
  readonly cert: string;
  readonly key: string;
  issue(notAfter: Date, ca?: CertificateAuthority): Promise<{ cert: string; key: string }>;
}

export async function createIdentities(root = 'root.test', leaf = 'leaf.test'): Promise<Identities> {
  const [user, rootHost, leafHost] = await Promise.all([createAuthority(root), createAuthority(root), createAuthority(leaf)]);
  const issue = async (notAfter: Date, ca = user) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = (key: KeyObject, type: 'spki' | 'pkcs8') => key.export({ type, format: 'pem' }) as string;
    const identity = { ...emptyIdentity, user: 'alice', cluster: root, roles: ['access'], principals: ['root', '-teleport-internal-join'] };
    return {
      cert: await issueUserCertificate(ca, identity, pem(publicKey, 'spki'), notAfter, new Date(notAfter.getTime() - 3_600_000)),
      key: pem(privateKey, 'pkcs8'),
    };
  };
  return { user, rootHost, leafHost, issue, ...(await issue(new Date(Date.now() + 3_600_000))) };
}

export interface RpcAnswer {
  readonly status?: number;
  readonly message?: string;
  readonly messages?: readonly Buffer[];
}

export interface SeenCall {
  readonly rpc: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Answers unary and server-stream calls on a connection: `answer` gets the path and the first message without its frame. */
export function serveRpc(socket: TLSSocket, answer: (call: SeenCall) => RpcAnswer | 'drop'): void {
  const server = createServer({ settings: { initialWindowSize: 1 << 20 } });
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {});
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.once('end', () => {
      const body = Buffer.concat(pieces).subarray(5);
      const result = answer({ rpc: String(headers[':path']), headers, body });
      if (result === 'drop') return void socket.destroy();
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', version: '19.0.0' }, { waitForTrailers: true });
      stream.on('wantTrailers', () =>
        stream.sendTrailers({ 'grpc-status': String(result.status ?? 0), 'grpc-message': encodeURI(result.message ?? '') }),
      );
      for (const message of result.messages ?? []) {
        const head = Buffer.alloc(5);
        head.writeUInt32BE(message.length, 1);
        stream.write(Buffer.concat([head, message]));
      }
      stream.end();
    });
  });
  server.on('sessionError', () => {});
  server.emit('connection', socket);
}

/** An auth server behind TLS routing: the host certificate is the target's, client certificates are checked by the root's user CA. */
export async function startAuth(
  identities: Identities,
  answer: (call: SeenCall, tls: { alpn: string | false; servername: string }) => RpcAnswer | 'drop',
  options: { leaf?: boolean } = {},
): Promise<LocalServer> {
  const authority = options.leaf ? identities.leafHost : identities.rootHost;
  const cluster = options.leaf ? 'leaf.test' : 'root.test';
  const host = await issueHostCertificate(authority, {
    uuid: 'd0b095b4',
    cluster,
    role: 'Admin',
    names: ['*.teleport.cluster.local', 'teleport.cluster.local'],
  });
  const listener = new TlsListener({
    identity: host,
    protocols: ['h2'],
    client: { ca: identities.user.pem, required: true, serverName: `${Buffer.from('root.test').toString('hex')}.teleport.cluster.local` },
    now: Date.now,
    onConnection: (socket) => {
      const tls = { alpn: socket.alpnProtocol ?? false, servername: (socket as TLSSocket & { servername: string }).servername };
      serveRpc(socket, (call) => answer(call, tls));
    },
  });
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    listener.accept(socket);
  });
  return listen(server);
}
