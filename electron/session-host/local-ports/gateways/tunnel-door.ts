import type { Socket } from 'node:net';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { isForeignHttp, looksLikeHttp, looksLikePostgres, looksLikeTls } from '../listening/first-bytes.ts';
import { pump } from '../listening/pump.ts';
import type { Door, Gateway } from './gateway.ts';

export interface TunnelRules {
  /** The server greets first: it is dialled before the program has said anything. */
  serverFirst: boolean;
  /** A sentence when what a program says first cannot be this protocol, or comes from a web page. */
  refuse(first: Buffer): string | null;
}

/** A program that connects and says nothing is let go after this time. */
const silenceMs = 60_000;
const silentRefusal =
  'The cluster closed the connection without a word. The target may be down, or your roles do not allow this user on it; an administrator sees why in the audit log.';

export function databaseRules(protocol: string, { serverFirst, noTls }: { serverFirst: boolean; noTls: string }): TunnelRules {
  return {
    serverFirst,
    refuse: (first) => {
      if (looksLikeHttp(first)) return 'A program or a web page sent a web request to the port of a database; it was refused.';
      if (serverFirst) return null;
      if (looksLikeTls(first))
        return `The program speaks TLS to this port. Slipway does that itself on the way to the cluster: ${noTls} in the program.`;
      if ((protocol === 'postgres' || protocol === 'cockroachdb') && !looksLikePostgres(first))
        return 'A program connected that does not speak PostgreSQL; it was refused.';
      return null;
    },
  };
}

/** Anything may be inside, also a web server: only requests that a page of somebody else could have sent are refused. */
export const tcpAppRules: TunnelRules = {
  serverFirst: true,
  refuse: (first) => (isForeignHttp(first) ? 'A web page tried to reach this app under another name; it was refused.' : null),
};

/** Hands the bytes of each connection on as they are, over TLS to the proxy (ssh-and-gateways §5.1). */
export class TunnelDoor implements Door {
  readonly #gateway: Gateway;
  readonly #rules: TunnelRules;
  /** Programs whose bytes go to the target. */
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
      const head = this.#rules.serverFirst ? null : await firstBytes(local, gone.signal);
      if (head) this.#check(head);
      const credentials = await this.#gateway.credentialsAfterLogin(gone.signal);
      const remote = await this.#gateway.dial(credentials, gone.signal);
      local.removeListener('close', left);
      this.#through.add(local);
      remote.once('data', () => this.#gateway.reporter.worked());
      pump({
        local,
        remote,
        framed: typeof remote.alpnProtocol === 'string' && remote.alpnProtocol.endsWith('-ping'),
        head,
        inspect: (first) => this.#inspect(first),
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

  #inspect(first: Buffer): boolean {
    try {
      this.#check(first);
      return true;
    } catch (caught) {
      this.#gateway.failed(caught);
      return false;
    }
  }

  #check(first: Buffer): void {
    const refusal = this.#rules.refuse(first);
    if (refusal) throw new AppError('invalid-argument', refusal);
  }
}

/** What the program sends first; the socket is paused again then. */
function firstBytes(socket: Socket, gone: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      clearTimeout(timer);
      socket.off('data', onData);
      socket.off('end', onEnd);
      gone.removeEventListener('abort', onEnd);
      action();
    };
    const onData = (bytes: Buffer) => {
      socket.pause();
      settle(() => resolve(bytes));
    };
    const onEnd = () => settle(() => reject(new AppError('cancelled', 'The program said nothing.')));
    const timer = setTimeout(onEnd, silenceMs);
    socket.once('data', onData);
    socket.once('end', onEnd);
    gone.addEventListener('abort', onEnd, { once: true });
    if (gone.aborted) onEnd();
    else socket.resume();
  });
}
