import { randomBytes } from 'node:crypto';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ClusterState } from '../state/cluster-state.ts';
import type { ClientCertificates } from './client-certificates.ts';
import { join, openTunnel } from './framed-tunnel.ts';
import type { PostgresBehind } from './postgres-route.ts';

const flag = {
  longPassword: 1,
  connectWithDb: 8,
  protocol41: 0x200,
  ssl: 0x800,
  transactions: 0x2000,
  secure: 0x8000,
  pluginAuth: 0x80000,
  deprecateEof: 0x1000000,
};
const charset = 45;

/**
 * The database path for MySQL: the proxy greets by itself, without TLS, takes any password, and connects to the database with a client certificate in the
 * user's name before it answers (ssh-and-gateways §5.9).
 */
export async function serveMysql(
  socket: tls.TLSSocket,
  cluster: ClusterState,
  certificates: ClientCertificates,
  behind: () => Promise<PostgresBehind>,
  offered: readonly string[],
): Promise<void> {
  const tunnel = openTunnel(socket);
  tunnel.write(packet(0, greeting(announced(offered))));
  const first = await new Promise<Buffer | null>((resolve) => {
    let bytes = Buffer.alloc(0);
    let isTaken = false;
    tunnel.onData((data) => {
      if (isTaken) return;
      bytes = Buffer.concat([bytes, data]);
      if (bytes.length < 4 || bytes.length < 4 + bytes.readUIntLE(0, 3)) return;
      isTaken = true;
      tunnel.pause();
      resolve(bytes.subarray(4, 4 + bytes.readUIntLE(0, 3)));
    });
    tunnel.onClose(() => resolve(null));
  });
  if (!first || first.length < 33) return tunnel.end();
  const wanted = readResponse(first);
  const { port, users } = await behind();
  const refuse = (text: string) => {
    tunnel.write(packet(2, Buffer.concat([Buffer.from([255, 21, 4]), Buffer.from(`#28000${text}`)])));
    tunnel.end();
  };
  if (!users.includes(wanted.user)) return refuse('access to db denied. User does not have permissions. Confirm database user and name.');
  try {
    const { stream, rest } = await login(port, wanted, (await cluster.authorities.db()).pem, await certificates.of(wanted.user));
    tunnel.write(packet(2, Buffer.from([0, 0, 0, 2, 0, 0, 0])));
    if (rest.length > 0) tunnel.write(rest);
    join(tunnel, stream);
  } catch (error) {
    refuse((error as Error).message);
  }
}

interface Wanted {
  user: string;
  database: string;
  flags: number;
}

/** The version that a client's ALPN carries for the greeting (login-and-auth §4.1). */
function announced(offered: readonly string[]): string {
  const carrier = offered.find((name) => name.startsWith('teleport-mysql-') && name !== 'teleport-mysql-ping');
  return carrier ? Buffer.from(carrier.slice('teleport-mysql-'.length), 'base64').toString() : '8.0.0-Teleport';
}

function greeting(version: string): Buffer {
  const salt = randomBytes(20).map((byte) => (byte % 94) + 33);
  const flags = flag.longPassword | flag.connectWithDb | flag.protocol41 | flag.transactions | flag.secure | flag.pluginAuth;
  const tail = Buffer.alloc(19);
  tail.writeUInt16LE(flags & 0xffff, 0);
  tail[2] = charset;
  tail.writeUInt16LE(2, 3);
  tail.writeUInt16LE(flags >>> 16, 5);
  tail[7] = 21;
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from(`${version}\0`),
    Buffer.from([1, 0, 0, 0]),
    salt.subarray(0, 8),
    Buffer.from([0]),
    tail.subarray(0, 18),
    salt.subarray(8),
    Buffer.from([0]),
    Buffer.from('mysql_native_password\0'),
  ]);
}

/** HandshakeResponse41: flags, sizes, a character set, 23 zeros, the user, an answer to the salt, the database. */
function readResponse(bytes: Buffer): Wanted {
  const flags = bytes.readUInt32LE(0);
  const end = bytes.indexOf(0, 32);
  const user = bytes.toString('utf8', 32, end);
  const after = end + 2 + (bytes[end + 1] ?? 0);
  const database = flags & flag.connectWithDb ? bytes.toString('utf8', after, bytes.indexOf(0, after)) : '';
  return { user, database, flags };
}

/** To the real server: TLS after its greeting, then the login. */
async function login(port: number, wanted: Wanted, ca: string, client: { cert: string; key: string }): Promise<{ stream: Duplex; rest: Buffer }> {
  const raw = net.connect({ host: '127.0.0.1', port, noDelay: true });
  await nextPacket(raw);
  const flags =
    flag.longPassword | flag.protocol41 | flag.ssl | flag.transactions | flag.secure | flag.pluginAuth | (wanted.database ? flag.connectWithDb : 0);
  const head = Buffer.alloc(32);
  head.writeUInt32LE(flags, 0);
  head.writeUInt32LE(1 << 24, 4);
  head[8] = charset;
  raw.write(packet(1, head));
  const secure = tls.connect({ socket: raw, ca, ...client, host: 'localhost', servername: 'localhost' });
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', reject);
  });
  const words = [`${wanted.user}\0`, '\0', ...(wanted.database ? [`${wanted.database}\0`] : []), 'mysql_native_password\0'];
  secure.write(packet(2, Buffer.concat([head, ...words.map((word) => Buffer.from(word))])));
  for (;;) {
    const { body, sequence, rest } = await nextPacket(secure);
    if (body[0] === 0) return { stream: secure, rest };
    if (body[0] === 255) throw new Error(body.toString('utf8', 9));
    // Asked to switch to another way of logging in: an empty password answers them all.
    secure.write(packet(sequence + 1, Buffer.alloc(0)));
  }
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

function nextPacket(stream: Duplex): Promise<{ body: Buffer; sequence: number; rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const onData = (data: Buffer) => {
      bytes = Buffer.concat([bytes, data]);
      const length = bytes.length >= 4 ? bytes.readUIntLE(0, 3) : -1;
      if (length < 0 || bytes.length < 4 + length) return;
      stream.pause();
      stream.off('data', onData);
      stream.off('error', reject);
      resolve({ body: bytes.subarray(4, 4 + length), sequence: bytes[3]!, rest: bytes.subarray(4 + length) });
    };
    stream.on('data', onData);
    stream.once('error', reject);
    stream.resume();
  });
}
