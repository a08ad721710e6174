import type { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Transport } from './client.ts';
import { connectionLost, openError, startError } from './client-errors.ts';
import { SessionChannel, type SessionRequest } from './session-channel.ts';
import { SftpClient } from './sftp/sftp-client.ts';
import { refusedSftp } from './sftp/sftp-errors.ts';
import type { Channel, Client, ForwardedConnection, PendingChannel } from './ssh2-internals.ts';

const packetSize = 32 * 1024;
const streamWindow = 2 * 1024 * 1024;
const sftpWindow = 32 * 1024 * 1024;
const rekeyBytes = 2 ** 30;
const rekeyMilliseconds = 3_600_000;

/** A logged-in connection. Channels on it are independent of each other; when it ends, all of them end. */
export class SshConnection {
  readonly #client: Client;
  readonly #sock: Transport;
  readonly #login: string;
  readonly #timeout: number;
  /** By our number of the channel: who takes its output. */
  readonly #outputs = new Map<number, (bytes: Buffer, isError: boolean) => void>();
  readonly #closeListeners = new Set<(error: AppError | null) => void>();
  readonly #rekeyTimer: NodeJS.Timeout;
  #rekeyAt = rekeyBytes;
  #closed: { error: AppError | null } | null = null;

  constructor(client: Client, sock: Transport, { login, timeout, now }: { login: string; timeout: number; now(): number }) {
    this.#client = client;
    this.#sock = sock;
    this.#login = login;
    this.#timeout = timeout;
    let error: AppError | null = null;
    client.on('error', (caught: Error) => {
      error ??= caught instanceof AppError ? caught : connectionLost(caught);
    });
    client.once('close', () => this.#end(error ?? connectionLost()));
    sock.on('data', () => {
      if (sock.bytesRead + sock.bytesWritten > this.#rekeyAt) this.#rekey();
    });
    let renewed = now();
    client.on('handshake', () => {
      renewed = now();
      this.#rekeyAt = sock.bytesRead + sock.bytesWritten + rekeyBytes;
    });
    this.#rekeyTimer = setInterval(() => {
      if (now() - renewed > rekeyMilliseconds) this.#rekey();
    }, 60_000).unref();
    this.#takeOutputs();
  }

  get isOpen(): boolean {
    return this.#closed === null;
  }

  /** Called once, when the connection is over; null when `close` was called. At once when it is over already. */
  onClose(listener: (error: AppError | null) => void): () => void {
    if (this.#closed) listener(this.#closed.error);
    else this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** A shell with a terminal. 512 KB may be under way, so that an interrupt does not wait behind megabytes. */
  shell(request: SessionRequest, window = 512 * 1024): Promise<SessionChannel> {
    return this.#session(request, window);
  }

  exec(command: string, request: Omit<SessionRequest, 'command'> = {}, window = streamWindow): Promise<SessionChannel> {
    return this.#session({ ...request, command }, window);
  }

  /** File transfer on a channel of its own; several may be open. A known round trip is not measured again. Rejects with the reason where the server refuses it. */
  async sftp(roundTrip?: number): Promise<SftpClient> {
    const channel = await this.#session({ subsystem: 'sftp' }, sftpWindow, refusedSftp);
    return SftpClient.open(channel, { ident: this.#client._remoteVer ?? '', timeout: this.#timeout, roundTrip });
  }

  /** A TCP connection from the server to `host`:`port`. A refusal shows as text on `stderr` and an end without data. */
  async forwardOut(host: string, port: number): Promise<Duplex & { readonly stderr: NodeJS.ReadableStream }> {
    return this.#open('direct-tcpip', streamWindow, { srcIP: '127.0.0.1', srcPort: 0, dstIP: host, dstPort: port });
  }

  /**
   * Has the server listen on `host`:`port`, or on a port of its choice when that is 0 (RFC 4254 §7.1). `access-denied` where it does not allow that.
   * Each connection is accepted or refused once.
   */
  async forwardIn(
    host: string,
    port: number,
    onConnection: (accept: () => Duplex & { readonly stderr: NodeJS.ReadableStream }, refuse: () => void) => void,
  ): Promise<{ port: number; close(): void }> {
    if (this.#closed || !this.#sock.writable) throw connectionLost();
    const listening = new Promise<number>((resolve, reject) => {
      this.#client.forwardIn(host, port, (error, given) => (error ? reject(refusedForward(host, port, error)) : resolve(given || port)));
    });
    const given = await this.#inTime(listening, () => {});
    const take = (to: ForwardedConnection, accept: () => Channel, refuse: () => void) => {
      if (to.destPort === given) onConnection(accept, refuse);
    };
    this.#client.on('tcp connection', take);
    return {
      port: given,
      close: () => {
        this.#client.off('tcp connection', take);
        if (!this.#closed && this.#sock.writable) this.#client.unforwardIn(host, given, () => {});
      },
    };
  }

  /** Renews the keys now; otherwise after 1 GB or an hour. */
  rekey(): void {
    this.#rekey();
  }

  close(): void {
    if (this.#closed) return;
    this.#client.end();
    this.#end(null);
    // The peer may never answer the goodbye.
    setTimeout(() => this.#sock.destroy(), 1000).unref();
  }

  #end(error: AppError | null): void {
    if (this.#closed) return;
    this.#closed = { error };
    clearInterval(this.#rekeyTimer);
    for (const listener of this.#closeListeners) listener(error);
    this.#closeListeners.clear();
  }

  #rekey(): void {
    if (this.#closed) return;
    this.#rekeyAt = Number.POSITIVE_INFINITY;
    this.#client._protocol.rekey();
  }

  async #session(request: SessionRequest, window: number, refused = startError): Promise<SessionChannel> {
    let session: SessionChannel | undefined;
    const channel = await this.#open('session', window, {}, (opened) => {
      session = new SessionChannel(opened, window);
      this.#outputs.set(opened.incoming.id, (bytes, isError) => session!.receive(bytes, isError));
    });
    session!.onEnd(() => this.#outputs.delete(channel.incoming.id));
    const isStarted = await this.#inTime(session!.start(request), () => channel.close());
    if (isStarted) return session!;
    channel.close();
    throw this.#closed ? connectionLost() : refused(session!.errorText());
  }

  /** Opens a channel; `opened` runs before anything else that the server sends is read. */
  #open(type: string, window: number, target: object = {}, opened: (channel: Channel) => void = () => {}): Promise<Channel> {
    if (this.#closed || !this.#sock.writable) return Promise.reject(connectionLost());
    let isLate = false;
    const answer = new Promise<Channel>((resolve, reject) => {
      const pending: PendingChannel = Object.assign(
        (error: Error | undefined, channel?: Channel) => {
          if (!channel) return reject(openError(error ?? new Error('closed'), this.#login));
          if (isLate) return channel.close();
          opened(channel);
          resolve(channel);
        },
        { type },
      );
      const id = this.#client._chanMgr.add(pending);
      if (type === 'direct-tcpip') this.#client._protocol.directTcpip(id, window, packetSize, target);
      else this.#client._protocol.session(id, window, packetSize);
    });
    return this.#inTime(answer, () => {
      isLate = true;
    });
  }

  /** A server may leave a question unanswered for ever (ssh-and-gateways §4.2). */
  async #inTime<T>(answer: Promise<T>, late: () => void): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        late();
        reject(new AppError('timeout', 'The server did not answer in time. The account on it may be locked, or the server overloaded.'));
      }, this.#timeout);
    });
    try {
      return await Promise.race([answer, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  #takeOutputs(): void {
    const { _protocol: protocol } = this.#client;
    const handlers = protocol._handlers;
    const { CHANNEL_DATA: receiveData, CHANNEL_EXTENDED_DATA: receiveError } = handlers;
    handlers.CHANNEL_DATA = (_protocol, recipient, data) => {
      const take = this.#outputs.get(recipient);
      if (take) take(data, false);
      else receiveData(protocol, recipient, data);
    };
    handlers.CHANNEL_EXTENDED_DATA = (_protocol, recipient, data, type) => {
      const take = this.#outputs.get(recipient);
      if (!take) receiveError(protocol, recipient, data, type);
      else take(data, type === 1);
    };
  }
}

function refusedForward(host: string, port: number, cause: Error): AppError {
  const what = port ? `port ${port} of ${host}` : `a port of ${host}`;
  return new AppError('access-denied', `The server did not open ${what}. Your role may not forward ports there, or the port is taken.`, { cause });
}
