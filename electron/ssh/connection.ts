import { AppError } from '../../shared/errors/app-error.ts';
import { within } from '../lib/deadline.ts';
import { type ChannelInput, packetSize } from './channels/channel-input.ts';
import { ForwardStream, forwardWindow } from './channels/forward-stream.ts';
import { setMessageRules } from './channels/message-rules.ts';
import { SendGate } from './channels/send-gate.ts';
import { SessionChannel, type SessionRequest } from './channels/session-channel.ts';
import { connectionLost, forwardError, openError, startError } from './client-errors.ts';
import { Pulse } from './pulse.ts';
import { leastPacket, RemoteForwards, type TakeConnection } from './remote-forwards.ts';
import { SftpClient } from './sftp/sftp-client.ts';
import { refusedSftp } from './sftp/sftp-errors.ts';
import { Ssh2Channel } from './ssh2.ts';
import type { Channel, ChannelOpenInfo, Client, PendingChannel } from './ssh2-internals.ts';
import type { Transport } from './transport.ts';

/** Each channel may hold a window's bytes, and OpenSSH's server itself ends a connection that opens more than 10,000. */
const mostChannels = 4096;
/** Enough for a line of 160 Mbit/s with a round trip of 100 ms; more would only fill our memory when a reader stops. */
const streamWindow = 2 * 1024 * 1024;
/** File data is read as fast as it comes, so the window may cover a long and fast line. */
const sftpWindow = 32 * 1024 * 1024;
const rekeyBytes = 2 ** 30;
/** RFC 4253 §9 recommends new keys after a gigabyte or an hour. */
const rekeyMs = 3_600_000;

/** A logged-in connection. Channels on it are independent of each other; when it ends, all of them end. */
export class SshConnection {
  readonly #client: Client;
  readonly #sock: Transport;
  readonly #login: string;
  readonly #timeoutMs: number;
  readonly #inputs = new Map<number, ChannelInput>();
  readonly #gate: SendGate;
  readonly #forwards = new RemoteForwards();
  readonly #pulse: Pulse;
  readonly #closeListeners = new Set<(error: AppError | null) => void>();
  readonly #rekeyTimer: NodeJS.Timeout;
  #rekeyAt = rekeyBytes;
  #closed: { error: AppError | null } | null = null;

  constructor(client: Client, sock: Transport, { login, timeoutMs, now }: { login: string; timeoutMs: number; now(): number }) {
    this.#client = client;
    this.#sock = sock;
    this.#login = login;
    this.#timeoutMs = timeoutMs;
    let error: AppError | null = null;
    client.on('error', (caught: Error) => {
      error ??= caught instanceof AppError ? caught : connectionLost(caught);
    });
    client.once('close', () => this.#end(error ?? connectionLost()));
    sock.on('data', () => {
      this.#pulse.heard();
      if (sock.bytesRead + sock.bytesWritten > this.#rekeyAt) this.#rekey();
    });
    let renewed = now();
    client.on('handshake', () => {
      renewed = now();
      this.#rekeyAt = sock.bytesRead + sock.bytesWritten + rekeyBytes;
    });
    this.#rekeyTimer = setInterval(() => {
      if (now() - renewed > rekeyMs) this.#rekey();
    }, 60_000).unref();
    this.#gate = new SendGate(client, sock);
    this.#pulse = new Pulse(() => {
      if (this.#closed || !sock.writable) return;
      client._callbacks.push(() => {});
      client._protocol.ping();
    });
    setMessageRules(client, {
      inputs: this.#inputs,
      gate: this.#gate,
      opened: (info) => this.#opened(info),
      broken: (caught) => {
        error ??= caught;
        sock.destroy();
      },
    });
  }

  get isOpen(): boolean {
    return this.#closed === null;
  }

  /** Calls back when typed input brought no answer for 3 s, and when the server answers again. */
  onStall(listener: (isStalled: boolean) => void): () => void {
    return this.#pulse.onChange(listener);
  }

  /** Calls back once, when the connection is over; with null when `close` was called. At once when it is over already. */
  onClose(listener: (error: AppError | null) => void): () => void {
    if (this.#closed) listener(this.#closed.error);
    else this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** A shell with a terminal. Only 512 KB may be in flight, so that an interrupt does not wait behind megabytes. */
  shell(request: SessionRequest, window = 512 * 1024): Promise<SessionChannel> {
    return this.#session(request, window);
  }

  exec(command: string, request: Omit<SessionRequest, 'command'> = {}, window = streamWindow): Promise<SessionChannel> {
    return this.#session({ ...request, command }, window);
  }

  /**
   * File transfer on a channel of its own; several may be open. The round trip is measured unless it is given. Rejects with the
   * reason when the server refuses it.
   */
  async sftp(roundTrip?: number): Promise<SftpClient> {
    const channel = await this.#session({ subsystem: 'sftp' }, sftpWindow, refusedSftp);
    return SftpClient.open(channel, { ident: this.#client._remoteVer ?? '', timeoutMs: this.#timeoutMs, roundTrip });
  }

  /**
   * A TCP connection from the server to `host`:`port`. When a Teleport node refuses it, `refusal` has the text and the stream ends
   * without data.
   */
  forwardOut(host: string, port: number): Promise<ForwardStream> {
    const target = { srcIP: '127.0.0.1', srcPort: 0, dstIP: host, dstPort: port };
    return this.#open('direct-tcpip', forwardWindow, target, (channel) => new ForwardStream(channel, this.#gate));
  }

  /**
   * Asks the server to listen on `host`:`port`, or on a port of its choice when that is 0 (RFC 4254 §7.1). `access-denied` where
   * the server does not allow it, `conflict` when there are too many ports. Each connection is accepted or refused once; `onFull`
   * is called when one is refused because there are too many.
   */
  async forwardIn(
    host: string,
    port: number,
    onConnection: TakeConnection,
    onFull: (error: AppError) => void,
  ): Promise<{ port: number; close(): void }> {
    if (this.#closed || !this.#sock.writable) throw connectionLost();
    const release = this.#forwards.reserve();
    let isLate = false;
    const cancel = (given: number) => {
      if (!this.#closed && this.#sock.writable) this.#client.unforwardIn(host, given, release);
    };
    const listening = new Promise<number>((resolve, reject) => {
      this.#client.forwardIn(host, port, (error, given) => {
        if (error) {
          release();
          return reject(refusedForward(host, port, error));
        }
        if (isLate) cancel(given || port);
        resolve(given || port);
      });
    });
    const given = await this.#inTime(listening, () => {
      isLate = true;
    });
    const remove = this.#forwards.add({ host, port: given, take: onConnection, full: onFull });
    return {
      port: given,
      close: () => {
        remove();
        cancel(given);
      },
    };
  }

  /** Renews the keys now; otherwise that happens after 1 GB or an hour. */
  rekey(): void {
    this.#rekey();
  }

  close(): void {
    if (this.#closed) return;
    this.#client.end();
    this.#end(null);
    // The server may never answer the disconnect message.
    setTimeout(() => this.#sock.destroy(), 1000).unref();
  }

  #end(error: AppError | null): void {
    if (this.#closed) return;
    this.#closed = { error };
    clearInterval(this.#rekeyTimer);
    this.#pulse.stop();
    for (const listener of this.#closeListeners) listener(error);
    this.#closeListeners.clear();
  }

  #rekey(): void {
    if (this.#closed) return;
    this.#rekeyAt = Number.POSITIVE_INFINITY;
    this.#client._protocol.rekey();
  }

  async #session(request: SessionRequest, window: number, refused = startError): Promise<SessionChannel> {
    const session = await this.#open('session', window, {}, (channel) => new SessionChannel(channel, window, () => this.#pulse.sent()));
    const isStarted = await this.#inTime(session.start(request), () => session.close());
    if (isStarted) return session;
    session.close();
    throw this.#closed ? connectionLost() : refused(session.errorText());
  }

  /** Opens a channel; `wrap` runs before any further message of the server is read. */
  #open<T extends { readonly input: ChannelInput }>(type: string, window: number, target: object, wrap: (channel: Channel) => T): Promise<T> {
    if (this.#closed || !this.#sock.writable) return Promise.reject(connectionLost());
    const { _chanMgr: channels, _protocol: protocol } = this.#client;
    if (channels._count >= mostChannels) return Promise.reject(tooManyChannels());
    let isLate = false;
    const answer = new Promise<T>((resolve, reject) => {
      const pending: PendingChannel = Object.assign(
        (error: Error | undefined, channel?: Channel) => {
          if (!channel) return reject((type === 'session' ? openError : forwardError)(error ?? new Error('closed'), this.#login));
          if (isLate) return channel.close();
          const wrapped = this.#adopt(channel, wrap(channel));
          if (channel.outgoing.packetSize >= leastPacket) return resolve(wrapped);
          channel.close();
          reject(new AppError('bad-response', 'The server takes only packets that are too small to be of use. It may not be a usual SSH server.'));
        },
        { type },
      );
      const id = channels.add(pending);
      if (type === 'direct-tcpip') protocol.directTcpip(id, window, packetSize, target);
      else protocol.session(id, window, packetSize);
    });
    return this.#inTime(answer, () => {
      isLate = true;
    });
  }

  #adopt<T extends { readonly input: ChannelInput }>(channel: Channel, wrapped: T): T {
    const { id } = channel.incoming;
    this.#inputs.set(id, wrapped.input);
    channel.once('close', () => this.#inputs.delete(id));
    return wrapped;
  }

  /** Called when the server opens a channel, which it may do only for ports that it was asked to listen on. */
  #opened(info: ChannelOpenInfo): boolean {
    const { _chanMgr: channels, _protocol: protocol } = this.#client;
    if (channels._count >= mostChannels) return false;
    const accept = (release: () => void) => {
      const { type, sender, window, packetSize: theirs } = info;
      const id = channels.add(Object.assign(() => {}, { type }));
      const channel = new Ssh2Channel(this.#client, {
        type,
        incoming: { id, window: forwardWindow, packetSize, state: 'open' },
        outgoing: { id: sender, window, packetSize: theirs, state: 'open' },
      });
      channels.update(id, channel);
      channel.once('close', release);
      const stream = this.#adopt(channel, new ForwardStream(channel, this.#gate));
      protocol.channelOpenConfirm(sender, id, forwardWindow, packetSize);
      return stream;
    };
    return this.#forwards.take(info, accept, () => {
      if (!this.#closed) protocol.channelOpenFail(info.sender, 2, '');
    });
  }

  /** Rejects in time, because a server may leave a request unanswered for ever (ssh-and-gateways §4.2). */
  #inTime<T>(answer: Promise<T>, late: () => void): Promise<T> {
    return within(answer, this.#timeoutMs, () => {
      late();
      return new AppError('timeout', 'The server did not answer in time. The account on it may be locked, or the server overloaded.');
    });
  }
}

const tooManyChannels = () =>
  new AppError('conflict', `${mostChannels} connections go through this server already, the most at a time. Close some of them first.`);

function refusedForward(host: string, port: number, cause: Error): AppError {
  const what = port ? `port ${port} of ${host}` : `a port of ${host}`;
  return new AppError('access-denied', `The server did not open ${what}. Your role may not forward ports there, or the port is taken.`, { cause });
}
