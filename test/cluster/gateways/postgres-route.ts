import tls from 'node:tls';
import type { Identity } from '../pki/identity.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import type { ClientCertificates } from './client-certificates.ts';
import { join, openTunnel, type Tunnel } from './framed-tunnel.ts';

const sslRequest = 80877103;
const gssRequest = 80877104;
const cancelRequest = 80877102;
const maxStartup = 64 * 1024;

export interface PostgresBehind {
  readonly port: number;
  readonly users: readonly string[];
}

/**
 * The database path for PostgreSQL as the real one behaves: no TLS inside the tunnel, the user of the startup message decides, a login with a client
 * certificate in that user's name, refusals as an ErrorResponse that carries nothing but a text (ssh-and-gateways §5.9, §10.3).
 */
export async function servePostgres(
  socket: tls.TLSSocket,
  cluster: ClusterState,
  certificates: ClientCertificates,
  behind: () => Promise<PostgresBehind>,
  identity: Identity,
): Promise<void> {
  const tunnel = openTunnel(socket);
  const reader = new StartupReader(tunnel);
  for (;;) {
    const message = await reader.next();
    if (!message) return tunnel.end();
    const code = message.readUInt32BE(4);
    if (code === sslRequest || code === gssRequest) {
      tunnel.write(Buffer.from('N'));
      continue;
    }
    const user = code === cancelRequest ? identity.dbUser : parameter(message, 'user');
    const { port, users } = await behind();
    if (!users.includes(user)) {
      tunnel.write(errorResponse('access to db denied. User does not have permissions. Confirm database user and name.'));
      return tunnel.end();
    }
    try {
      const upstream = await connect(port, cluster, await certificates.of(user));
      upstream.write(Buffer.concat([message, reader.release()]));
      const answer = code === cancelRequest ? Buffer.alloc(0) : await loginAnswer(upstream);
      if (answer.length > 0) tunnel.write(answer);
      join(tunnel, upstream);
    } catch (error) {
      tunnel.write(errorResponse((error as Error).message));
      tunnel.end();
    }
    return;
  }
}

/** To a PostgreSQL: its own request for TLS, then TLS with a client certificate. */
async function connect(port: number, cluster: ClusterState, client: { cert: string; key: string }): Promise<tls.TLSSocket> {
  const net = await import('node:net');
  const ca = (await cluster.authorities.db()).pem;
  return new Promise((resolve, reject) => {
    const raw = net.connect({ host: '127.0.0.1', port, noDelay: true });
    raw.once('error', reject);
    raw.once('connect', () => raw.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
    raw.once('data', (answer) => {
      if (answer.toString() !== 'S') return reject(new Error('the database does not speak TLS'));
      const secure = tls.connect({ socket: raw, ca, ...client, host: 'localhost', servername: 'localhost' });
      secure.once('error', reject);
      secure.once('secureConnect', () => resolve(secure));
    });
  });
}

/** The messages before a session: a length, a code, more. */
class StartupReader {
  readonly #tunnel: Tunnel;
  #pending: Buffer = Buffer.alloc(0);
  #wake: (() => void) | null = null;
  #isOver = false;
  #released = false;

  constructor(tunnel: Tunnel) {
    this.#tunnel = tunnel;
    tunnel.onData((bytes) => {
      if (this.#released) return;
      this.#pending = Buffer.concat([this.#pending, bytes]);
      this.#wake?.();
    });
    tunnel.onClose(() => {
      this.#isOver = true;
      this.#wake?.();
    });
  }

  async next(): Promise<Buffer | null> {
    for (;;) {
      const length = this.#pending.length >= 4 ? this.#pending.readUInt32BE(0) : 0;
      if (this.#pending.length >= 4 && (length < 8 || length > maxStartup)) return null;
      if (length > 0 && this.#pending.length >= length) {
        const message = this.#pending.subarray(0, length);
        this.#pending = this.#pending.subarray(length);
        this.#tunnel.pause();
        return message;
      }
      if (this.#isOver) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#tunnel.resume();
      });
    }
  }

  /** What was read beyond; nothing more is taken. */
  release(): Buffer {
    this.#released = true;
    return this.#pending;
  }
}

/**
 * The agent's version of the database's answer to the login: its key before its settings, and only the text of a refused login
 * (ssh-and-gateways §5.9). Other errors are unchanged.
 */
function loginAnswer(upstream: tls.TLSSocket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    const messages: Buffer[] = [];
    const settle = (action: () => void) => {
      upstream.pause();
      upstream.off('data', onData);
      upstream.off('close', onClose);
      action();
    };
    const onClose = () => settle(() => reject(new Error('the database closed the connection')));
    const onData = (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      while (pending.length >= 5 && pending.length > pending.readUInt32BE(1)) {
        const message = pending.subarray(0, 1 + pending.readUInt32BE(1));
        pending = pending.subarray(message.length);
        const type = String.fromCharCode(message[0]!);
        const fields = type === 'E' ? errorFields(message) : null;
        if (fields?.get('C') === '28000') return settle(() => reject(new Error(`${fields.get('S')}: ${fields.get('M')} (SQLSTATE 28000)`)));
        messages.push(message);
        if (fields || type === 'Z') {
          const isKey = (one: Buffer) => one[0] === 'K'.charCodeAt(0);
          const [first = Buffer.alloc(0), ...others] = messages;
          return settle(() => resolve(Buffer.concat([first, ...others.filter(isKey), ...others.filter((one) => !isKey(one)), pending])));
        }
      }
    };
    upstream.on('data', onData);
    upstream.once('close', onClose);
    upstream.resume();
  });
}

function errorFields(message: Buffer): Map<string, string> {
  const words = message.toString('utf8', 5).split('\0');
  return new Map(words.filter((word) => word !== '').map((word) => [word[0]!, word.slice(1)]));
}

function parameter(startup: Buffer, wanted: string): string {
  const words = startup.toString('utf8', 8).split('\0');
  for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === wanted) return words[at + 1]!;
  return '';
}

function errorResponse(text: string): Buffer {
  const fields = Buffer.from(`M${text}\0\0`);
  const head = Buffer.alloc(5);
  head[0] = 'E'.charCodeAt(0);
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
