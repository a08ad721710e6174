import type { Socket } from 'node:net';
import { AppError } from '../../../../shared/errors/app-error.ts';
import {
  inspector,
  type Judge,
  looksLikePostgres,
  looksLikeTls,
  readHead,
  startsAsHttp,
  startsAsHttp2,
  type Verdict,
} from '../../../lib/loopback/first-bytes.ts';
import { refuseForeign } from '../../../lib/loopback/request-origin.ts';
import { joinSockets } from '../listening/join-sockets.ts';
import type { Gateway, PortProtocol } from './gateway.ts';

export interface TunnelRules {
  /** The server sends the first bytes, so it is dialled before the program has said anything. */
  serverFirst: boolean;
  /** Refuses first bytes to `port` that cannot be this protocol, or that a web page sent. */
  judge(port: number): Judge;
}

/** A program that connects and sends nothing is disconnected after this time. */
const silenceMs = 60_000;
const silentRefusal =
  'The cluster closed the connection without a word. The target may be down, or your roles do not allow this user on it; an administrator sees why in the audit log.';

export function databaseRules(protocol: string, { serverFirst, noTls }: { serverFirst: boolean; noTls: string }): TunnelRules {
  const webRequest = { refuse: 'A program or a web page sent a web request to the port of a database; it was refused.' };
  const tls = { refuse: `The program speaks TLS to this port. Slipway does that itself on the way to the cluster: ${noTls} in the program.` };
  const notPostgres = { refuse: 'A program connected that does not speak PostgreSQL; it was refused.' };
  const isPostgres = protocol === 'postgres' || protocol === 'cockroachdb';
  const judge: Judge = (first, isAll) => {
    const http = startsAsHttp(first);
    if (http === true || startsAsHttp2(first)) return webRequest;
    const ofTls = serverFirst ? false : looksLikeTls(first);
    if (ofTls === true) return tls;
    const postgres = isPostgres ? looksLikePostgres(first) : true;
    if (postgres === false || (isAll && postgres === 'more')) return notPostgres;
    return !isAll && [http, ofTls, postgres].includes('more') ? 'more' : 'pass';
  };
  return { serverFirst, judge: () => judge };
}

/** A TCP app can speak any protocol, HTTP included, so only requests that a page of another origin could have sent are refused. */
export const tcpAppRules: TunnelRules = { serverFirst: true, judge: (port) => (first, isAll) => judgeTcpApp(first, isAll, port) };

function judgeTcpApp(first: Buffer, isAll: boolean, port: number): Verdict {
  const start = startsAsHttp(first);
  if (start !== true) return start === 'more' && !isAll ? 'more' : 'pass';
  const head = readHead(first);
  if (head === null) return 'pass';
  if (head === 'more' && !isAll) return 'more';
  const isForeign = head === 'more' || head === 'broken' || refuseForeign(head, port) !== null;
  return isForeign ? { refuse: 'A web page tried to reach this app under another name or from another page; it was refused.' } : 'pass';
}

/** Passes the bytes of each connection on unchanged, over TLS to the proxy (ssh-and-gateways §5.1). */
export class TunnelProtocol implements PortProtocol {
  readonly #gateway: Gateway;
  readonly #rules: TunnelRules;
  /** Programs that are connected to the target. */
  readonly #through = new Set<Socket>();

  constructor(gateway: Gateway, rules: TunnelRules) {
    this.#gateway = gateway;
    this.#rules = rules;
  }

  serve(socket: Socket): void {
    this.#gateway.reporter.traffic.follow(socket);
    void this.#serve(socket);
  }

  close(): void {
    for (const local of this.#through) local.destroy();
  }

  async #serve(local: Socket): Promise<void> {
    const gone = new AbortController();
    const left = () => gone.abort(new AppError('cancelled', 'The program left.'));
    local.once('close', left);
    try {
      const inspect = inspector(this.#rules.judge(local.localPort ?? 0));
      const head = this.#rules.serverFirst ? null : await firstBytes(local, inspect, gone.signal);
      const credentials = await this.#gateway.credentialsAfterLogin(gone.signal);
      const remote = await this.#gateway.dial(credentials, gone.signal);
      local.removeListener('close', left);
      this.#through.add(local);
      remote.once('data', () => this.#gateway.reporter.worked());
      joinSockets({
        local,
        remote,
        isFramed: typeof remote.alpnProtocol === 'string' && remote.alpnProtocol.endsWith('-ping'),
        head,
        inspect,
        onRefused: (sentence) => this.#gateway.failed(new AppError('invalid-argument', sentence)),
        onEnd: (error, refused) => {
          this.#through.delete(local);
          if (error) this.#gateway.failed(error);
          else if (refused) this.#gateway.failed(new AppError('access-denied', silentRefusal));
        },
      });
    } catch (caught) {
      local.destroy();
      this.#gateway.failed(caught);
    }
  }
}

/** Reads the program's first bytes until the judge lets them pass, then pauses the socket. */
function firstBytes(socket: Socket, inspect: ReturnType<typeof inspector>, gone: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('end', onEnd);
      gone.removeEventListener('abort', onGone);
      action();
    };
    const onData = (next: Buffer | null) => {
      const passed = inspect(next);
      if (passed === null) return;
      socket.pause();
      settle(() => ('refuse' in passed ? reject(new AppError('invalid-argument', passed.refuse)) : resolve(passed)));
    };
    const onGone = () => settle(() => reject(new AppError('cancelled', 'The program said nothing.')));
    const onEnd = () => {
      onData(null);
      onGone();
    };
    const timer = setTimeout(onGone, silenceMs);
    socket.on('data', onData);
    socket.once('end', onEnd);
    gone.addEventListener('abort', onGone, { once: true });
    if (gone.aborted) onGone();
    else socket.resume();
  });
}
