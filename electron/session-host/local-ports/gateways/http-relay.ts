import { Agent, type IncomingMessage, request, Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { pump } from '../listening/pump.ts';
import type { Gateway } from './gateway.ts';

export interface Refusal {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RelayRules {
  /** Null lets the request through, as the rule left it. Asked once for each. */
  refuse(request: IncomingMessage): Refusal | null;
  /** What the program is told when there is no way to the target now. */
  unavailable(error: AppError): { status: number; type: string; body: string };
  /** How long a request may wait for somebody to log in. */
  patienceMs: number;
}

/** Headers that mean one connection only (RFC 9110 §7.6.1). */
const hopByHop = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Passes HTTP/1.1 requests on over connections that are kept, and upgrades (WebSocket, SPDY) as raw bytes. */
export class HttpRelay {
  readonly #gateway: Gateway;
  readonly #rules: RelayRules;
  readonly #server: Server;
  readonly #upgraded = new Set<Socket>();
  /** Agents of older certificates, while something goes on over their connections. */
  #retired: Agent[] = [];
  #agent: Agent;
  #cert = '';

  constructor(gateway: Gateway, rules: RelayRules) {
    this.#gateway = gateway;
    this.#rules = rules;
    this.#agent = this.#newAgent();
    this.#server = new Server({
      keepAliveTimeout: 60_000,
      requestTimeout: 0,
      headersTimeout: 30_000,
      maxHeaderSize: 64 * 1024,
      insecureHTTPParser: false,
    });
    this.#server.on('request', (incoming, answer) => void this.#request(incoming, answer));
    this.#server.on('upgrade', (incoming, socket, head) => void this.#upgrade(incoming, socket as Socket, head));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  accept(socket: Duplex): void {
    this.#server.emit('connection', socket);
    socket.resume();
  }

  /** Ends what goes on towards the target. */
  close(): void {
    for (const local of this.#upgraded) local.destroy();
    for (const agent of [this.#agent, ...this.#retired]) agent.destroy();
    this.#retired = [];
    this.#agent = this.#newAgent();
  }

  async #request(incoming: IncomingMessage, answer: ServerResponse, again = false): Promise<void> {
    const refusal = again ? null : this.#rules.refuse(incoming);
    if (refusal) return this.#refuse(answer, refusal.status, 'text/plain; charset=utf-8', refusal.text, refusal.headers);
    const failed = (caught: unknown) => {
      const error = this.#gateway.failed(caught);
      if (answer.headersSent) {
        answer.destroy();
        return;
      }
      const { status, type, body } = this.#rules.unavailable(error);
      this.#refuse(answer, status, type, body);
    };
    try {
      await this.#ready();
    } catch (caught) {
      return failed(caught);
    }
    if (answer.destroyed) return;
    const { method = 'GET', url = '/' } = incoming;
    const outgoing = request({ method, path: url, headers: passOn(incoming.rawHeaders) as never, setHost: false, agent: this.#agent });
    const hasBody = incoming.headers['transfer-encoding'] !== undefined || Number(incoming.headers['content-length'] ?? 0) > 0;
    let isAnswered = false;
    outgoing.on('response', (response) => {
      isAnswered = true;
      this.#gateway.reporter.worked();
      response.on('error', () => answer.destroy());
      answer.writeHead(response.statusCode ?? 502, response.statusMessage, passOn(response.rawHeaders));
      answer.flushHeaders();
      response.pipe(answer);
    });
    outgoing.on('error', (error) => {
      // The other side may close a kept connection at the very moment it is used again.
      if (!isAnswered && !again && outgoing.reusedSocket && !hasBody && repeatable.has(method) && !answer.destroyed)
        void this.#request(incoming, answer, true);
      else if (!answer.destroyed) failed(error);
    });
    // A request with `Expect: 100-continue` was told to go on by our own server.
    answer.once('close', () => outgoing.destroy());
    if (hasBody) incoming.pipe(outgoing);
    else outgoing.end();
  }

  async #upgrade(incoming: IncomingMessage, local: Socket, head: Buffer): Promise<void> {
    local.pause();
    local.on('error', () => local.destroy());
    const gone = new AbortController();
    const left = () => gone.abort(new AppError('cancelled', 'The program left.'));
    local.once('close', left);
    const end = (status: number, type: string, body: string): void =>
      void local.end(
        `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    const refusal = this.#rules.refuse(incoming);
    if (refusal) return end(refusal.status, 'text/plain; charset=utf-8', refusal.text);
    try {
      const credentials = await this.#gateway.credentialsAfterLogin(AbortSignal.any([gone.signal, AbortSignal.timeout(this.#rules.patienceMs)]));
      const remote = await this.#gateway.dial(credentials, gone.signal);
      local.removeListener('close', left);
      const start = `${incoming.method} ${incoming.url} HTTP/1.1\r\n${pairs(incoming.rawHeaders)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`;
      this.#upgraded.add(local);
      pump({
        local,
        remote,
        head: Buffer.concat([Buffer.from(start, 'latin1'), head]),
        onEnd: (error) => {
          this.#upgraded.delete(local);
          if (error) this.#gateway.failed(error);
        },
      });
    } catch (caught) {
      const { status, type, body } = this.#rules.unavailable(this.#gateway.failed(caught));
      end(status, type, body);
    }
  }

  /** Connections made with an older certificate are not used any more. */
  async #ready(): Promise<void> {
    const { ticket } = await this.#gateway.credentialsAfterLogin(AbortSignal.timeout(this.#rules.patienceMs));
    if (ticket.tls.cert === this.#cert) return;
    if (this.#cert !== '') this.#retireAgent();
    this.#cert = ticket.tls.cert;
  }

  /** What goes on over its connections goes on; none is kept for another request. */
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

  #refuse(answer: ServerResponse, status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
    if (answer.destroyed) return;
    answer.writeHead(status, {
      ...headers,
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      'X-Content-Type-Options': 'nosniff',
      Connection: 'close',
    });
    answer.end(body);
  }
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[index * 2]!, raw[index * 2 + 1]!]);
}

/** Headers for the other connection, in order and as they were written. */
function passOn(raw: readonly string[]): string[] {
  const all = pairs(raw);
  const named = all.flatMap(([name, value]) =>
    name.toLowerCase() === 'connection' ? value.split(',').map((word) => word.trim().toLowerCase()) : [],
  );
  const isPassed = (name: string) => (!hopByHop.has(name) && !named.includes(name)) || name === 'te';
  const kept = all.filter(([name]) => isPassed(name.toLowerCase()));
  const isChunked = all.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  return [...kept.flat(), ...(isChunked ? ['Transfer-Encoding', 'chunked'] : [])];
}
