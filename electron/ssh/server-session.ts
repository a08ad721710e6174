import { sendMessage } from './hooks/protocol.ts';
import type { Channel, ServerClient, Session } from './ssh2-internals.ts';
import { str, u32 } from './wire-bytes.ts';

export interface ServerPty {
  readonly term: string;
  cols: number;
  rows: number;
}

export type StartRequest = { kind: 'shell' } | { kind: 'exec'; command: string } | { kind: 'subsystem'; name: string };

export interface StartAnswer {
  /** Answers with success and gives the channel. End it by `finishChannel`. */
  accept(): Channel;
  /** Answers as a Teleport node does (ssh-and-gateways §2.7): the text on stderr, failure, and the channel is closed. */
  refuse(text: string): void;
}

/** A `session` channel of our server, from its opening to the program that runs in it. */
export class ServerSession {
  readonly env: Record<string, string> = {};
  pty: ServerPty | null = null;
  agentForwarding = false;
  readonly #client: ServerClient;
  readonly #session: Session;
  #onStart: (request: StartRequest, answer: StartAnswer) => void = (_request, answer) => answer.refuse('');
  #onResize: (pty: ServerPty) => void = () => {};
  #onRequest: (type: string, payload: Buffer) => boolean = () => false;
  #onClose: () => void = () => {};

  constructor(client: ServerClient, session: Session) {
    this.#client = client;
    this.#session = session;
    type Reply = (() => Channel) | undefined;
    session.on('env', (accept: Reply, _reject: Reply, { key, val }: { key: string; val: string }) => {
      this.env[key] = val;
      accept?.();
    });
    session.on('pty', (accept: Reply, _reject: Reply, { term, cols, rows }: ServerPty) => {
      this.pty = { term, cols, rows };
      accept?.();
    });
    session.on('window-change', (accept: Reply, _reject: Reply, { cols, rows }: ServerPty) => {
      this.pty = { term: this.pty?.term ?? '', cols, rows };
      accept?.();
      this.#onResize(this.pty);
    });
    session.on('auth-agent', (accept: Reply) => {
      this.agentForwarding = true;
      accept?.();
    });
    session.on('shell', (accept, reject) => this.#start({ kind: 'shell' }, accept, reject));
    session.on('exec', (accept, reject, { command }: { command: string }) => this.#start({ kind: 'exec', command }, accept, reject));
    session.on('subsystem', (accept, reject, { name }: { name: string }) => this.#start({ kind: 'subsystem', name }, accept, reject));
    session.on('close', () => {
      client._chanMgr.remove(session._chanInfo.incoming.id);
      this.#onClose();
    });
  }

  /** The client's number of this channel. */
  get remoteId(): number {
    return this.#session._chanInfo.outgoing.id;
  }

  /** The client asks for a shell, a command or a subsystem (`sftp` among them, as a plain byte channel). */
  onStart(listener: (request: StartRequest, answer: StartAnswer) => void): void {
    this.#onStart = listener;
  }

  /** Sizes are passed on unchecked. */
  onResize(listener: (pty: ServerPty) => void): void {
    this.#onResize = listener;
  }

  /** Called by our server for every request; true means it is answered with success. */
  takesRequest(type: string, payload: unknown): boolean {
    return Buffer.isBuffer(payload) && this.#onRequest(type, payload);
  }

  /** Requests that ssh2 does not know; true answers success. */
  onRequest(listener: (type: string, payload: Buffer) => boolean): void {
    this.#onRequest = listener;
  }

  onClose(listener: () => void): void {
    this.#onClose = listener;
  }

  /** Sends a channel request that wants no reply, such as `current-session-id@goteleport.com`. */
  request(type: string, payload: Uint8Array): void {
    sendMessage(this.#client._protocol, Buffer.concat([Buffer.from([98]), u32(this.remoteId), str(type), Buffer.from([0]), payload]));
  }

  /** Writes to the client's stderr, also before anything was started. */
  writeError(text: string): void {
    this.#client._protocol.channelExtData(this.remoteId, text, 1);
  }

  close(): void {
    const channel = this.#session._channel;
    if (channel) channel.close();
    else this.#client._protocol.channelClose(this.remoteId);
  }

  #start(request: StartRequest, accept: () => Channel, reject?: () => void): void {
    this.#onStart(request, {
      accept,
      refuse: (text) => {
        if (text) this.writeError(text);
        reject?.();
        this.close();
      },
    });
  }
}

/** Ends a channel as Teleport does: everything written is sent, then exit-status, then CLOSE; no EOF (ssh-and-gateways §2.7). */
export function finishChannel(channel: Channel, status: number): void {
  channel.write(Buffer.alloc(0), () => {
    channel.exit(status);
    channel.close();
  });
}
