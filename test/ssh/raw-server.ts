import { generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { certificateLine, signCertificate } from '../../electron/ssh/certificate.ts';
import { connectSsh, sshIdentity } from '../../electron/ssh/client.ts';
import type { SshConnection } from '../../electron/ssh/connection.ts';
import { sendMessage } from '../../electron/ssh/hooks/protocol.ts';
import { publicKeyLine, toSshPublicKey } from '../../electron/ssh/public-key.ts';
import { hostKeyEntries } from '../../electron/ssh/server.ts';
import { Server } from '../../electron/ssh/ssh2.ts';
import type { AuthContext, ServerClient } from '../../electron/ssh/ssh2-internals.ts';
import type { Transport } from '../../electron/ssh/transport.ts';
import { str, u32 } from '../../electron/ssh/wire-bytes.ts';

/**
 * A server that says what it likes: channels are confirmed under the client's own numbers, and all else is said by hand. It notes what it hears, and
 * keeps to no window.
 */
export interface RawServer {
  /** The one client's connection on this side. */
  readonly peer: ServerClient;
  readonly opened: readonly { type: string; id: number }[];
  readonly heard: readonly { message: string; id: number }[];
  /** What its confirmations of channels offer. */
  readonly offer: { window: number; packetSize: number };
  /** A message of this number, of these parts. */
  say(type: number, ...parts: Uint8Array[]): void;
  data(id: number, bytes: Buffer): void;
  moreText(id: number, type: number, bytes: Buffer): void;
  open(type: string, ...rest: Uint8Array[]): void;
  count(message: string): number;
  connect(line?: (socket: Socket) => Transport): Promise<SshConnection>;
  stop(): Promise<void>;
}

/** The port that it says it listens on, whatever it was asked. */
export const rawPort = 4022;
const noted = ['CHANNEL_CLOSE', 'CHANNEL_WINDOW_ADJUST', 'CHANNEL_DATA', 'CHANNEL_FAILURE', 'REQUEST_FAILURE', 'CHANNEL_OPEN_FAILURE'];

export async function startRawServer(): Promise<RawServer> {
  const [ca, hostKey, userKey] = [0, 1, 2].map(() => generateKeyPairSync('ed25519')) as [
    KeyPairKeyObjectResult,
    KeyPairKeyObjectResult,
    KeyPairKeyObjectResult,
  ];
  const minted = (kind: 'host' | 'user', pair: KeyPairKeyObjectResult, principal: string) =>
    signCertificate({ publicKey: toSshPublicKey(pair.publicKey), kind, principals: [principal], validAfter: 0n }, ca.privateKey);
  let peer!: ServerClient;
  const opened: { type: string; id: number }[] = [];
  const heard: { message: string; id: number }[] = [];
  const offer = { window: 2 ** 21, packetSize: 32768 };
  const say = (type: number, ...parts: Uint8Array[]) => sendMessage(peer._protocol, Buffer.concat([Buffer.from([type]), ...parts]));
  const server = new Server({ hostKeys: hostKeyEntries({ key: hostKey.privateKey, certificate: minted('host', hostKey, 'node') }) }, (client) => {
    peer = client;
    client.on('error', () => {});
    client.on('authentication', (context: AuthContext) => context.accept());
    const handlers = client._protocol._handlers as unknown as Record<string, (...all: never[]) => void>;
    for (const message of noted) handlers[message] = (_protocol: never, id: never) => void heard.push({ message, id });
    handlers['CHANNEL_OPEN'] = (_protocol: never, info: never) => {
      const { type, sender } = info as { type: string; sender: number };
      opened.push({ type, id: sender });
      say(91, u32(sender), u32(sender), u32(offer.window), u32(offer.packetSize));
    };
    handlers['CHANNEL_REQUEST'] = (_protocol: never, id: never, _type: never, wantReply: never) => void (wantReply && say(99, u32(id)));
    handlers['GLOBAL_REQUEST'] = (_protocol: never, _name: never, wantReply: never) =>
      void (wantReply && client._protocol.requestSuccess(u32(rawPort)));
  });
  const tcp = createServer((socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const pem = userKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  return {
    get peer() {
      return peer;
    },
    opened,
    heard,
    offer,
    say,
    data: (id, bytes) => say(94, u32(id), str(bytes)),
    moreText: (id, type, bytes) => say(95, u32(id), u32(type), str(bytes)),
    open: (type, ...rest) => say(90, str(type), u32(77), u32(2 ** 21), u32(32768), ...rest),
    count: (message) => heard.filter((one) => one.message === message).length,
    connect(line = (socket) => socket) {
      opened.length = 0;
      heard.length = 0;
      return connectSsh({
        sock: line(connect({ port: (tcp.address() as AddressInfo).port, host: '127.0.0.1' })),
        login: 'root',
        identity: sshIdentity(certificateLine(minted('user', userKey, 'root')), pem),
        hostCas: [publicKeyLine(toSshPublicKey(ca.publicKey))],
        hostPrincipal: 'node',
      });
    },
    stop: () => new Promise((resolve) => tcp.close(() => resolve())),
  };
}
