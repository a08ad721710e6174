import type { EventEmitter } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';

// Narrow types of ssh2 1.17.0's own objects: only what this folder touches.

export interface ParsedKey {
  readonly type: string;
  getPublicSSH(): Buffer;
  getPrivatePEM(): string | null;
  isPrivateKey(): boolean;
  sign(data: Buffer, hash?: string): Buffer | Error;
  verify(data: Buffer, signature: Buffer, hash?: string): boolean | Error;
}

export interface KeyExchange {
  readonly sessionID: Buffer;
  readonly negotiated: { serverHostKey: string };
}

type HostVerifier = (key: Buffer, verified: (permitted: boolean) => void) => boolean | undefined;

export interface ChannelOpenInfo {
  readonly type: string;
  readonly sender: number;
  readonly window: number;
  readonly packetSize: number;
  /** For `forwarded-tcpip`. */
  readonly data: { readonly destIP?: string; readonly destPort?: number };
}

/** Handlers by message name; the ones that are wrapped here. */
export interface MessageHandlers {
  GLOBAL_REQUEST(protocol: Protocol, name: string, wantReply: boolean, data: unknown): void;
  CHANNEL_OPEN(protocol: Protocol, info: ChannelOpenInfo): void;
  CHANNEL_REQUEST(protocol: Protocol, recipient: number, type: string, wantReply: boolean, data: unknown): void;
  CHANNEL_DATA(protocol: Protocol, recipient: number, data: Buffer): void;
  CHANNEL_EXTENDED_DATA(protocol: Protocol, recipient: number, data: Buffer, type: number): void;
  CHANNEL_WINDOW_ADJUST(protocol: Protocol, recipient: number, bytes: number): void;
}

export interface Protocol {
  _server: boolean;
  _kex: KeyExchange | undefined;
  /** Set while keys are exchanged. */
  readonly _kexinit: Buffer | undefined;
  _hostVerifier: HostVerifier | undefined;
  _hostKeys: Record<string, ParsedKey> | undefined;
  _authsQueue: string[];
  _handlers: MessageHandlers;
  _packetRW: { write: { readonly allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer } };
  _onError(error: Error): void;
  authPK(user: string, key: ParsedKey, algorithm?: unknown, sign?: unknown): void;
  rekey(): void;
  /** A global request that every server answers, even if it refuses it. */
  ping(): void;
  requestSuccess(data?: Buffer): void;
  requestFailure(): void;
  session(channel: number, window: number, packetSize: number): void;
  directTcpip(channel: number, window: number, packetSize: number, target: object): void;
  env(channel: number, name: string, value: string, wantReply: boolean): void;
  pty(channel: number, rows: number, cols: number, height: number, width: number, term: string, modes: object | null, wantReply: boolean): void;
  shell(channel: number, wantReply: boolean): void;
  exec(channel: number, command: string, wantReply: boolean): void;
  subsystem(channel: number, name: string, wantReply: boolean): void;
  channelWindowAdjust(channel: number, bytes: number): void;
  channelExtData(channel: number, data: Buffer | string, type: number): void;
  channelSuccess(channel: number): void;
  channelFailure(channel: number): void;
  channelOpenConfirm(theirs: number, ours: number, window: number, packetSize: number): void;
  channelOpenFail(channel: number, reason: number, description: string): void;
  channelClose(channel: number): void;
}

export interface Channel extends Duplex {
  readonly incoming: { readonly id: number; window: number; state: string };
  readonly outgoing: { readonly id: number; window: number; packetSize: number; state: string };
  readonly stderr: Readable & Writable;
  readonly server: boolean;
  subtype: string | undefined;
  readonly _client: { readonly _protocol: Protocol };
  readonly _callbacks: ((failed: boolean | Error) => void)[];
  close(): void;
  eof(): void;
  exit(status: number): void;
  exit(signal: string, coreDumped: boolean, message: string): void;
  signal(name: string): void;
  setWindow(rows: number, cols: number, height: number, width: number): void;
}

/** What a channel waits for between its open message and the answer. */
export type PendingChannel = ((error: Error | undefined, channel?: Channel) => void) & { type: string };

export interface ChannelManager {
  readonly _count: number;
  add(pending: PendingChannel | Channel): number;
  update(id: number, channel: Channel): void;
  get(id: number): unknown;
  remove(id: number): void;
}

export interface Client extends EventEmitter {
  readonly _protocol: Protocol;
  /** The server's software, from its identification line. */
  readonly _remoteVer: string | undefined;
  readonly _chanMgr: ChannelManager;
  readonly _callbacks: ((failed: boolean | Error, data?: Buffer) => void)[];
  connect(config: object): this;
  forwardIn(host: string, port: number, answered: (error: Error | undefined, port: number) => void): this;
  unforwardIn(host: string, port: number, answered: (error: Error | undefined) => void): this;
  end(): this;
  destroy(): this;
}

export interface AuthContext {
  readonly username: string;
  readonly method: string;
  readonly key?: { readonly algo: string; readonly data: Buffer };
  readonly signature?: Buffer;
  /** What the signature is over. */
  readonly blob?: Buffer;
  accept(): void;
  reject(methods?: string[]): void;
}

export interface Session extends EventEmitter {
  readonly _chanInfo: { readonly incoming: { readonly id: number }; readonly outgoing: { readonly id: number } };
  readonly _channel: Channel | undefined;
}

export interface ServerClient extends EventEmitter {
  readonly _sock: Duplex;
  readonly _protocol: Protocol;
  readonly _chanMgr: ChannelManager;
  end(): this;
}

export interface Server extends EventEmitter {
  injectSocket(socket: Duplex): void;
}
