import { Agent, type ClientRequest, type IncomingMessage, request, Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { longestHead, looksLikeTls } from '../../../lib/loopback/first-bytes.ts';
import type { Refusal, RequestHead } from '../../../lib/loopback/request-origin.ts';
import { systemCode } from '../../../lib/system-calls.ts';
import { joinSockets } from '../listening/join-sockets.ts';
import type { Gateway } from './gateway.ts';
import { forProgram, forTarget, headBytes, isEncoded, type OwnAnswer, ownAnswerBytes, ownHeaders, withoutOwnCookies } from './http-heads.ts';

export interface RelayRules {
  /** Returns the request as it is passed on, or the refusal. Called once for each request. */
  admit(request: RequestHead, port: number): RequestHead | Refusal;
  /** The answer for the program while the target cannot be reached. */
  unavailable(error: AppError): OwnAnswer;
  /** How long a request may wait for somebody to log in. */
  loginWaitMs: number;
}

const repeatable = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Kept connections are idle for this long at most. */
const idleMs = 60_000;
/** The next head on a connection is whole within this time: a little more, so that idle ones end without an answer. */
const headMs = idleMs + 5000;
/** A refused program has this time to read the answer before the connection is closed. */
const lingerMs = 2000;
const plain = 'text/plain; charset=utf-8';
const notHttp = 'The app behind this connection sent an answer that breaks the rules of HTTP, so it could not be passed on. Tell who runs the app.';
/** The answer to requests that node:http cannot parse, by its error code. */
const notUnderstood: Readonly<Record<string, [number, string]>> = {
  HPE_INVALID_METHOD: [501, 'Slipway does not pass requests with this method on.'],
  HPE_INVALID_URL: [400, 'The address has bytes that may not stand in one. Percent-encode all that is not ASCII: é is %C3%A9.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of this request are longer than 64 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time.'],
};

/** Passes HTTP/1.1 requests on over connections that are kept, and upgrades (WebSocket, SPDY) as raw bytes. */
export class HttpRelay {
  readonly #gateway: Gateway;
  readonly #rules: RelayRules;
  readonly #server: Server;
  readonly #upgraded = new Set<Socket>();
  /** How many answers are in progress on a connection. */
  readonly #answering = new WeakMap<Duplex, number>();
  /** What ends a connection whose next head does not come. */
  readonly #late = new WeakMap<Duplex, NodeJS.Timeout>();
  /** Agents with older certificates, kept while requests use their connections. */
  #retired: Agent[] = [];
  #agent: Agent;
  #cert = '';

  constructor(gateway: Gateway, rules: RelayRules) {
    this.#gateway = gateway;
    this.#rules = rules;
    this.#agent = this.#newAgent();
    this.#server = new Server({ keepAliveTimeout: idleMs, requestTimeout: 0, maxHeaderSize: longestHead, insecureHTTPParser: false });
    this.#server.on('request', (incoming, answer) => void this.#request(incoming, answer));
    this.#server.on('upgrade', (incoming, socket, head) => void this.#upgrade(incoming, socket as Socket, head));
    this.#server.on('connect', (_incoming, socket) => answerLast(socket, { status: 501, type: plain, body: 'This port is no proxy.\n' }));
    this.#server.on('clientError', (error, socket) => this.#notUnderstood(error, socket));
  }

  accept(socket: Duplex): void {
    this.#server.emit('connection', socket);
    socket.once('close', () => clearTimeout(this.#late.get(socket)));
    this.#awaitHead(socket);
    socket.resume();
  }

  /** node:http keeps its own limit for heads only on servers that listen themselves. */
  #awaitHead(socket: Duplex): void {
    const late = Object.assign(new Error('no head'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    this.#late.set(socket, setTimeout(() => this.#notUnderstood(late, socket), headMs).unref());
  }

  /** A head is there: as long as an answer is under way, none is waited for. */
  #begin(socket: Duplex, answer: ServerResponse): void {
    clearTimeout(this.#late.get(socket));
    this.#answering.set(socket, (this.#answering.get(socket) ?? 0) + 1);
    answer.once('close', () => {
      const left = (this.#answering.get(socket) ?? 1) - 1;
      this.#answering.set(socket, left);
      if (left === 0 && !socket.destroyed) this.#awaitHead(socket);
    });
  }

  /** Ends the connections to the target. */
  close(): void {
    for (const local of this.#upgraded) local.destroy();
    for (const agent of [this.#agent, ...this.#retired]) agent.destroy();
    this.#retired = [];
    this.#agent = this.#newAgent();
  }

  async #request(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    this.#begin(incoming.socket, answer);
    const admitted = this.#admit(incoming);
    if ('status' in admitted) return refuse(answer, { ...admitted, type: plain, body: admitted.text });
    await this.#forward(admitted, incoming, answer, false);
  }

  async #forward(head: RequestHead, incoming: IncomingMessage, answer: ServerResponse, again: boolean): Promise<void> {
    const failed = (caught: unknown) => {
      const error = this.#gateway.failed(asAppError(caught));
      if (answer.headersSent) answer.destroy();
      else refuse(answer, this.#rules.unavailable(error));
    };
    const hasBody = incoming.headers['transfer-encoding'] !== undefined || Number(incoming.headers['content-length'] ?? 0) > 0;
    let outgoing: ClientRequest;
    try {
      await this.#ready();
      if (answer.destroyed) return;
      const { method, target } = head;
      const headers = forTarget(head, hasBody) as never;
      outgoing = request({ method, path: target, headers, setHost: false, agent: this.#agent, maxHeaderSize: longestHead });
    } catch (caught) {
      return failed(caught);
    }
    let isOver = false;
    outgoing.on('response', (response) => {
      isOver = true;
      try {
        this.#answer(response, answer);
      } catch (caught) {
        failed(new AppError('bad-response', notHttp, { cause: caught }));
        outgoing.destroy();
      }
    });
    const lost = (error: Error) => {
      if (isOver || answer.destroyed) return;
      isOver = true;
      // The target may close a kept connection just when it is used again, so such a request is sent once more.
      if (!again && outgoing.reusedSocket && !hasBody && repeatable.has(head.method)) void this.#forward(head, incoming, answer, true);
      else failed(error);
    };
    outgoing.on('error', lost);
    // Also covers a target that switched to another protocol unasked, which node:http does not report as an error.
    outgoing.once('close', () => lost(new AppError('bad-response', notHttp)));
    // Our own server has already told a request with `Expect: 100-continue` to go on.
    answer.once('close', () => outgoing.destroy());
    if (hasBody) incoming.pipe(outgoing);
    else outgoing.end();
  }

  /** Throws when the answer cannot be one. */
  #answer(response: IncomingMessage, answer: ServerResponse): void {
    const { statusCode = 0, statusMessage, rawHeaders } = response;
    if (statusCode < 200 || isEncoded(rawHeaders)) throw new Error(`status ${statusCode}`);
    answer.sendDate = false;
    answer.writeHead(statusCode, statusMessage, forProgram(rawHeaders));
    this.#gateway.reporter.worked();
    response.on('error', () => answer.destroy());
    // `flushHeaders` would encode the bytes of the headers anew, as UTF-8.
    if (incomingHasBody(answer)) answer.write(Buffer.alloc(0));
    response.pipe(answer);
  }

  async #upgrade(incoming: IncomingMessage, local: Socket, first: Buffer): Promise<void> {
    clearTimeout(this.#late.get(local));
    local.pause();
    local.on('error', () => local.destroy());
    const gone = new AbortController();
    const left = () => gone.abort(new AppError('cancelled', 'The program left.'));
    local.once('close', left);
    const admitted = this.#admit(incoming);
    if ('status' in admitted) return answerLast(local, { ...admitted, type: plain, body: admitted.text });
    try {
      const credentials = await this.#gateway.credentialsAfterLogin(AbortSignal.any([gone.signal, AbortSignal.timeout(this.#rules.loginWaitMs)]));
      const remote = await this.#gateway.dial(credentials, gone.signal);
      local.removeListener('close', left);
      const head = headBytes(`${admitted.method} ${admitted.target} HTTP/1.1`, withoutOwnCookies(admitted.rawHeaders));
      this.#upgraded.add(local);
      joinSockets({
        local,
        remote,
        head: Buffer.concat([head, first]),
        onEnd: (error) => {
          this.#upgraded.delete(local);
          if (error) this.#gateway.failed(error);
        },
      });
    } catch (caught) {
      answerLast(local, this.#rules.unavailable(this.#gateway.failed(caught)));
    }
  }

  #admit({ method = '', url = '', rawHeaders, socket }: IncomingMessage): RequestHead | Refusal {
    const admitted = this.#rules.admit({ method, target: url, rawHeaders }, socket.localPort ?? 0);
    if ('status' in admitted || !isEncoded(rawHeaders)) return admitted;
    return { status: 501, text: 'Slipway passes bodies on whole or in chunks, not in other transfer encodings.\n' };
  }

  #notUnderstood(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Duplex): void {
    if (!socket.writable || this.#answering.get(socket)) {
      socket.destroy();
      return;
    }
    if (error.rawPacket && looksLikeTls(error.rawPacket) === true) {
      socket.destroy();
      this.#gateway.reporter.failed(new AppError('invalid-argument', 'A program spoke TLS to this port. Use http:// in the program, not https://.'));
      return;
    }
    const [status, text] = notUnderstood[error.code ?? ''] ?? [400, 'This is no request that Slipway understands.'];
    answerLast(socket, { status, type: plain, body: `${text}\n` });
  }

  /** Makes a new agent when the certificate has changed, so that no request uses a connection with the old one. */
  async #ready(): Promise<void> {
    const { ticket } = await this.#gateway.credentialsAfterLogin(AbortSignal.timeout(this.#rules.loginWaitMs));
    if (ticket.tls.cert === this.#cert) return;
    if (this.#cert !== '') this.#retireAgent();
    this.#cert = ticket.tls.cert;
  }

  /** Lets requests in progress finish; no connection is kept for another request. */
  #retireAgent(): void {
    this.#agent.maxFreeSockets = 0;
    for (const sockets of Object.values(this.#agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    this.#retired = [...this.#retired, this.#agent].filter((agent) => Object.keys(agent.sockets).length > 0);
    this.#agent = this.#newAgent();
  }

  #newAgent(): Agent {
    const agent = new Agent({ keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 512, maxFreeSockets: 32, timeout: 0 });
    agent.createConnection = (_options, done) => {
      this.#gateway
        .credentials()
        .then((credentials) => this.#gateway.dial(credentials, new AbortController().signal))
        .then(
          (socket) => done?.(null, socket),
          (error) => done?.(error as Error, undefined as never),
        );
      return undefined as never;
    };
    return agent;
  }
}

/** Gives Slipway's own answer. */
function refuse(answer: ServerResponse, own: OwnAnswer): void {
  if (answer.destroyed) return;
  answer.writeHead(own.status, STATUS_CODES[own.status] ?? 'Refused', ownHeaders(own));
  answer.end(own.body);
}

/** The same where node:http no longer answers; the connection ends with it. */
function answerLast(socket: Duplex, own: OwnAnswer): void {
  if (socket.writableEnded) return;
  socket.end(ownAnswerBytes(own));
  // Unread bytes at the end would make the OS reset the connection and cut the answer off.
  socket.resume();
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

const incomingHasBody = ({ req, statusCode }: ServerResponse) => req.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;

function asAppError(caught: unknown): unknown {
  return systemCode(caught)?.startsWith('HPE_') ? new AppError('bad-response', notHttp, { cause: caught }) : caught;
}
