import type { KeyObject } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { certificateSuffix, checkCertificate, parseCertificate, type SshCertificate } from './certificate.ts';
import { plainKey, sendMessage } from './hooks/protocol.ts';
import { type SshPublicKey, signRaw, verifySsh } from './public-key.ts';
import { ServerSession } from './server-session.ts';
import { Server } from './ssh2.ts';
import type { AuthContext, Channel, ServerClient, Session } from './ssh2-internals.ts';
import { str } from './wire-bytes.ts';

/** One authenticated client of our server. */
export interface ServerConnection {
  readonly login: string;
  readonly certificate: SshCertificate;
  readonly socket: Duplex;
  /** Sends the client a message or a request (`keepalive@openssh.com`, `x-teleport-event`) without waiting for an answer. */
  globalRequest(name: string, wantReply: boolean, payload?: Uint8Array): void;
  end(): void;
}

/** A `direct-tcpip` channel that a client wants. An accepted one takes text for people on `stderr`; `close` sends no EOF. */
export interface DirectTcpip {
  readonly host: string;
  readonly port: number;
  accept(): Channel;
}

export interface ChannelRefusal {
  readonly reason: number;
  readonly text: string;
}

export interface SshServerOptions {
  /** Host keys with their certificates; each is offered under its certificate algorithms only. */
  hostKeys: readonly { key: KeyObject; certificate: SshCertificate }[];
  /** Authorities whose user certificates are accepted, asked at each login. */
  userCas(): readonly SshPublicKey[];
  /** What follows `SSH-2.0-` in the identification line. */
  ident?: string;
  now?: () => number;
  /** Whether this login is allowed. The certificate has already been checked, and the login is among its principals. */
  authorize(login: string, certificate: SshCertificate): boolean | Promise<boolean>;
  onConnection?(connection: ServerConnection): void;
  onSession(session: ServerSession, connection: ServerConnection): void;
  /** Without it, forwarding is refused at the channel's opening. */
  onDirectTcpip?(request: DirectTcpip, connection: ServerConnection): void;
  /** Refuses to open a channel, with a reason of RFC 4254 §5.1 and a text. */
  refuseChannel?(type: string, connection: ServerConnection): Promise<ChannelRefusal | null>;
  /** Returns true or bytes to answer a global request with success. Not called for port forwarding. */
  onGlobalRequest?(name: string, payload: Buffer, connection: ServerConnection): boolean | Buffer;
  keepaliveInterval?: number;
}

/**
 * An SSH server that knows only certificates: it shows host certificates and accepts user certificates. The caller supplies
 * sockets.
 */
export function createSshServer(options: SshServerOptions): { accept(socket: Duplex): void; close(): void } {
  const open = new Set<Duplex>();
  const server = new Server(
    {
      hostKeys: options.hostKeys.flatMap(hostKeyEntries),
      ident: options.ident ?? 'Slipway',
      keepaliveInterval: options.keepaliveInterval ?? 300_000,
    },
    (client) => serveClient(client, options),
  );
  return {
    accept(socket) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
      server.injectSocket(socket);
    },
    close() {
      for (const socket of open) socket.destroy();
    },
  };
}

/** Host keys in the shape that ssh2 takes, one entry per algorithm that the key can sign with. */
export function hostKeyEntries({ key, certificate }: SshServerOptions['hostKeys'][number]): { key: object }[] {
  const { type } = certificate.publicKey;
  const algorithms = type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
  return algorithms.map((algorithm) => ({
    key: Object.create(plainKey(certificate), {
      type: { value: algorithm + certificateSuffix },
      getPrivatePEM: { value: () => '' },
      isPrivateKey: { value: () => true },
      getPublicSSH: { value: () => certificate.blob },
      sign: { value: (data: Buffer) => signRaw(key, data, algorithm) },
    }),
  }));
}

function serveClient(client: ServerClient, options: SshServerOptions): void {
  let connection: ServerConnection | undefined;
  const sessions = new Map<number, ServerSession>();
  client.on('error', () => client._sock.destroy());
  client.on('authentication', (context: AuthContext) => {
    decide(context, options).then(
      (certificate) => {
        if (!certificate) return context.reject(['publickey']);
        if (context.signature) connection = connectionOf(client, context.username, certificate);
        context.accept();
      },
      () => context.reject(['publickey']),
    );
  });
  client.on('ready', () => connection && options.onConnection?.(connection));
  client.on('session', (accept: () => Session | undefined) => {
    const session = accept();
    if (!session || !connection) return;
    const { incoming } = session._chanInfo;
    const own = new ServerSession(client, session);
    sessions.set(incoming.id, own);
    session.once('close', () => sessions.delete(incoming.id));
    options.onSession(own, connection);
  });
  const { onDirectTcpip } = options;
  if (onDirectTcpip)
    client.on('tcpip', (accept: () => Channel, _reject: () => void, target: { destIP: string; destPort: number }) => {
      if (connection) onDirectTcpip({ host: target.destIP, port: target.destPort, accept }, connection);
    });

  const handlers = client._protocol._handlers;
  const opened = handlers.CHANNEL_OPEN;
  const { refuseChannel } = options;
  if (refuseChannel)
    handlers.CHANNEL_OPEN = async (protocol, info) => {
      const refusal = connection ? await refuseChannel(info.type, connection) : null;
      if (client._sock.destroyed) return;
      if (refusal) protocol.channelOpenFail(info.sender, refusal.reason, refusal.text);
      else opened(protocol, info);
    };
  const requested = handlers.GLOBAL_REQUEST;
  handlers.GLOBAL_REQUEST = (protocol, name, wantReply, data) => {
    const answer = connection && Buffer.isBuffer(data) && options.onGlobalRequest?.(name, data, connection);
    if (!answer) requested(protocol, name, wantReply, data);
    else if (wantReply) protocol.requestSuccess(answer === true ? undefined : answer);
  };
  const asked = handlers.CHANNEL_REQUEST;
  handlers.CHANNEL_REQUEST = (protocol, recipient, type, wantReply, data) => {
    const session = sessions.get(recipient);
    if (!session?.takesRequest(type, data)) asked(protocol, recipient, type, wantReply, data);
    else if (wantReply) protocol.channelSuccess(session.remoteId);
  };
}

function connectionOf(client: ServerClient, login: string, certificate: SshCertificate): ServerConnection {
  return {
    login,
    certificate,
    socket: client._sock,
    globalRequest(name, wantReply, payload = new Uint8Array()) {
      sendMessage(client._protocol, Buffer.concat([Buffer.from([80]), str(name), Buffer.from([wantReply ? 1 : 0]), payload]));
    },
    end: () => void client.end(),
  };
}

/**
 * The certificate that the request may log in with, or null. A request without a signature only asks whether the certificate would
 * be accepted.
 */
async function decide(context: AuthContext, options: SshServerOptions): Promise<SshCertificate | null> {
  const { key, signature, blob, username } = context;
  if (context.method !== 'publickey' || !key?.algo.endsWith(certificateSuffix)) return null;
  const certificate = parseCertificate(key.data);
  const check = { kind: 'user', authorities: options.userCas(), principal: username, now: (options.now ?? Date.now)() } as const;
  if (checkCertificate(certificate, check) !== null) return null;
  if (signature && (!blob || !verifySsh(certificate.publicKey, blob, signature))) return null;
  return (await options.authorize(username, certificate)) ? certificate : null;
}
