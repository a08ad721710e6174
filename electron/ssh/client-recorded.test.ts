import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { certificateLine, certificateSuffix, signCertificate } from './certificate.ts';
import { connectSsh, sshIdentity } from './client.ts';
import type { SshConnection } from './connection.ts';
import { sendMessage } from './hooks/protocol.ts';
import { publicKeyLine, toSshPublicKey } from './public-key.ts';
import { hostKeyEntries } from './server.ts';
import { Server } from './ssh2.ts';
import type { AuthContext, ServerClient, Session } from './ssh2-internals.ts';
import { WireReader } from './wire-bytes.ts';

// What a real Teleport 19 sent, sent again to our client: test/vectors/ssh.

interface Step {
  dir: 'c2s' | 's2c';
  what: string;
  hex: string;
  decoded: {
    data?: string;
    name?: string;
    payload_hex?: string;
    methods?: string;
    reason?: number;
    sig_format?: string;
    alg?: string;
    sender?: number;
  };
}
const steps = (name: string): Step[] => JSON.parse(readFileSync(new URL(`../../test/vectors/ssh/${name}.json`, import.meta.url), 'utf8')).steps;

const ca = generateKeyPairSync('ed25519');
const hostKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const userKey = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const hour = { validAfter: 0n, validBefore: 4_000_000_000n };
const hostCertificate = signCertificate({ publicKey: toSshPublicKey(hostKey.publicKey), kind: 'host', principals: ['node'], ...hour }, ca.privateKey);
const userCertificate = signCertificate({ publicKey: toSshPublicKey(userKey.publicKey), kind: 'user', principals: ['root'], ...hour }, ca.privateKey);
const identity = sshIdentity(certificateLine(userCertificate), userKey.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
const ident =
  'Teleport resume-v1 BLSPEPL//5r4dJS25M6MXOi47NR0eOAeb/ZKTc5Qz03Yc5kfi6ieMRzUnhJhQDoFMh1fB2JwXWtEce8LAg9Hmz0 06591224-eb67-47af-a6cb-233218a5ef78';

let tcp: TcpServer;
let serve: (client: ServerClient) => void;
let connection: SshConnection | undefined;
let sock: Socket;

beforeAll(async () => {
  const server = new Server({ hostKeys: hostKeyEntries({ key: hostKey.privateKey, certificate: hostCertificate }), ident }, (client) => {
    client.on('error', () => {});
    serve(client);
  });
  tcp = createServer((socket) => server.injectSocket(socket));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
});
afterEach(() => connection?.close());
afterAll(() => tcp.close());

async function connectTo(answer: (client: ServerClient) => void, timeout = 5000, proofRefusal?: AppError): Promise<SshConnection> {
  serve = answer;
  sock = connect({ port: (tcp.address() as AddressInfo).port, host: '127.0.0.1' });
  connection = await connectSsh({
    sock,
    login: 'root',
    identity,
    hostCas: [publicKeyLine(toSshPublicKey(ca.publicKey))],
    hostPrincipal: 'node',
    timeoutMs: timeout,
    proofRefusal,
  });
  return connection;
}

/** Sends a recorded message under our client's number of the channel. */
function send(client: ServerClient, step: Step, channel: number): void {
  const message = Buffer.from(step.hex, 'hex');
  message.writeUInt32BE(channel, 1);
  sendMessage(client._protocol, message);
}

/** Answers each of our channel openings with the next recorded channel: its first message at once, the rest when a program is asked for. */
function replay(channels: Step[][]): (client: ServerClient) => void {
  return (client) => {
    client.on('authentication', (context: AuthContext) => context.accept());
    let next = 0;
    const open = new Map<number, { channel: number; rest: Step[] }>();
    const handlers = client._protocol._handlers;
    handlers.CHANNEL_OPEN = (_protocol, { sender }) => {
      const [first, ...rest] = channels[next++]!;
      if (!first) return;
      open.set(next - 1, { channel: sender, rest });
      const message = Buffer.from(first.hex, 'hex');
      // Our own number of the channel, so that the client's requests can be told apart.
      if (message[0] === 91) message.writeUInt32BE(next - 1, 5);
      message.writeUInt32BE(sender, 1);
      sendMessage(client._protocol, message);
    };
    handlers.CHANNEL_REQUEST = (_protocol, recipient, type) => {
      const known = open.get(recipient);
      if (known && ['shell', 'exec', 'subsystem'].includes(type)) for (const step of known.rest) send(client, step, known.channel);
    };
    handlers.CHANNEL_DATA = () => {};
  };
}

/** The messages to the client, channel by channel. */
function channelsOf(name: string, wanted: (request: string) => boolean): { request: string; steps: Step[] }[] {
  const found: { request: string; steps: Step[]; id: number }[] = [];
  for (const step of steps(name)) {
    const bytes = Buffer.from(step.hex ?? '', 'hex');
    if (step.what === 'CHANNEL_OPEN' && step.dir === 'c2s') found.push({ request: '', steps: [], id: step.decoded.sender! });
    const current = found.at(-1);
    if (!current || !step.what.startsWith('CHANNEL_')) continue;
    if (step.dir === 's2c' && bytes.readUInt32BE(1) === current.id) current.steps.push(step);
    if (step.what === 'CHANNEL_REQUEST' && step.dir === 'c2s' && ['exec', 'shell'].includes(step.decoded.name!)) current.request = step.decoded.name!;
  }
  return found.filter(({ request, steps: own }) => wanted(request) && own.length > 0);
}

async function outcome(open: SshConnection, request: string) {
  const session = request === 'exec' ? await open.exec('x') : await open.shell({ pty: { term: 'xterm', cols: 80, rows: 24 } });
  const result = { out: '', errors: '', code: null as number | null };
  session.onData((bytes, isError) => {
    result[isError ? 'errors' : 'out'] += bytes.toString();
  });
  result.code = await new Promise((resolve) => session.onEnd(({ code }) => resolve(code)));
  return result;
}

const recorded = (own: Step[]) => ({
  out: own
    .filter(({ what }) => what === 'CHANNEL_DATA')
    .map(({ decoded }) => decoded.data)
    .join(''),
  errors: own
    .filter(({ what }) => what === 'CHANNEL_EXTENDED_DATA')
    .map(({ decoded }) => decoded.data)
    .join(''),
  code: own.filter(({ decoded }) => decoded?.name === 'exit-status').map(({ decoded }) => Number.parseInt(decoded.payload_hex!, 16))[0] ?? null,
});

test.each(['exec-exit-status', 'shell-pty', 'agentless-session'])(
  'the programs of %s end as recorded, output in full and without an EOF',
  async (name) => {
    const channels = channelsOf(name, (request) => request !== '').filter(({ steps: own }) => own.some(({ what }) => what === 'CHANNEL_CLOSE'));
    expect(channels.length).toBeGreaterThan(0);
    const hasNoPtyReply = (own: Step[]) => own.filter(({ what }) => what === 'CHANNEL_SUCCESS').length < 2;
    const open = await connectTo(replay(channels.map(({ steps: own }) => own)));
    for (const { request, steps: own } of channels) {
      // A recorded exec with a terminal has one answer more than we ask for, which changes nothing.
      const asShell = request === 'shell' && hasNoPtyReply(own) ? 'exec' : request;
      expect(await outcome(open, asShell)).toEqual(recorded(own));
    }
  },
);

test('a refused request is told with what the node wrote before refusing it', async () => {
  const refused = channelsOf('channel-requests', () => true).filter(
    ({ steps: own }) => own.some(({ what }) => what === 'CHANNEL_EXTENDED_DATA') && own.some(({ what }) => what === 'CHANNEL_CLOSE'),
  );
  expect(refused.length).toBeGreaterThanOrEqual(2);
  const open = await connectTo(replay(refused.map(({ steps: own }) => own)));
  for (const { steps: own } of refused) {
    const error = await open.exec('x').then(
      () => null,
      (caught: AppError) => caught,
    );
    expect(error).toMatchObject({ code: 'access-denied' });
    expect(error!.details!.server).toBe(recorded(own).errors.replace(/\s+/g, ' ').trim());
  }
});

test('an agentless node tells at the first channel that the host refused the login', async () => {
  const open = await connectTo(replay(channelsOf('agentless-login-nobodyhere', () => true).map(({ steps: own }) => own)));
  await expect(open.exec('true')).rejects.toMatchObject({
    code: 'login-refused',
    details: { server: expect.stringContaining('unable to authenticate') },
  });
});

test('an agentless node with a locked account never answers, and is given up', async () => {
  expect(steps('agentless-login-vuser').at(-1)!.what).toBe('CHANNEL_OPEN');
  const open = await connectTo(replay([[]]), 300);
  await expect(open.exec('true')).rejects.toMatchObject({ code: 'timeout' });
});

test.each(['login-refused-rbac', 'login-refused-vuser', 'login-refused-nobodyhere', 'login-refused-notinprincipals'])(
  '%s ends as recorded',
  async (name) => {
    const all = steps(name);
    const request = all.find(({ what }) => what === 'USERAUTH_REQUEST')!;
    const failure = all.find(({ what }) => what === 'USERAUTH_FAILURE');
    const seen: AuthContext[] = [];
    const attempt = connectTo((client) =>
      client.on('authentication', (context: AuthContext) => {
        seen.push(context);
        if (failure) sendMessage(client._protocol, Buffer.from(failure.hex, 'hex'));
        else context.accept();
      }),
    );
    if (failure) await expect(attempt).rejects.toMatchObject({ code: 'login-refused', details: { login: 'root' } });
    else await attempt;
    // Our own request has the names in the places where the recorded, accepted form has them.
    expect(seen).toHaveLength(1);
    expect(seen[0]!.key!.algo).toBe(request.decoded.alg);
    expect(request.decoded.alg).toBe(`ecdsa-sha2-nistp256${certificateSuffix}`);
    expect(new WireReader(seen[0]!.signature!).text()).toBe(request.decoded.sig_format);
  },
);

test('keepalives of the server are answered, whatever else it says', async () => {
  let answered = 0;
  await connectTo((client) => {
    client.on('authentication', (context: AuthContext) => context.accept());
    client.on('ready', () => {
      for (const step of steps('server-keepalive').filter(({ dir, what }) => dir === 's2c' && what === 'GLOBAL_REQUEST'))
        sendMessage(client._protocol, Buffer.from(step.hex, 'hex'));
      (client._protocol._handlers as unknown as Record<string, () => void>).REQUEST_FAILURE = () => {
        answered++;
      };
    });
  });
  await vi.waitFor(() => expect(answered).toBeGreaterThan(0));
});

test('a server that asks for more than the certificate, and one that refuses channels, are told in words', async () => {
  const partial = Buffer.concat([Buffer.from([51, 0, 0, 0, 20]), Buffer.from('keyboard-interactive'), Buffer.from([1])]);
  const asksForMore = (client: ServerClient) => client.on('authentication', () => sendMessage(client._protocol, partial));
  const refusal = new AppError('session-mfa', 'It wants a proof.');
  await expect(connectTo(asksForMore, 5000, refusal)).rejects.toBe(refusal);
  await expect(connectTo(asksForMore)).rejects.toMatchObject({ code: 'login-refused' });
  const open = await connectTo((client) => {
    client.on('authentication', (context: AuthContext) => context.accept());
    client.on('session', (_accept: () => Session, reject: () => void) => reject());
    client._protocol._handlers.CHANNEL_OPEN = (protocol, { sender }) => protocol.channelOpenFail(sender, 1, 'too many connections\u001b[31m');
  });
  await expect(open.exec('x')).rejects.toMatchObject({
    code: 'access-denied',
    message: 'The server refused to open a session: too many connections [31m',
  });
});

test('keys are renewed after a gigabyte', async () => {
  let renewed = 0;
  const open = await connectTo((client) => {
    client.on('authentication', (context: AuthContext) => context.accept());
    client.on('rekey', () => renewed++);
    client.on('session', (accept: () => Session) => accept().on('exec', (start: () => { end(): void }) => start().end()));
  });
  expect(renewed).toBe(0);
  const { bytesRead } = sock;
  Object.defineProperty(sock, 'bytesRead', { get: () => bytesRead + 2 ** 30 });
  for (let index = 0; index < 3; index++) {
    const session = await open.exec('x');
    await new Promise((resolve) => session.onEnd(resolve));
  }
  expect(renewed).toBe(1);
});

test('a server that ignores the window loses the channel, not our memory', async () => {
  const open = await connectTo((client) => {
    client.on('authentication', (context: AuthContext) => context.accept());
    client.on('session', (accept: () => Session) => {
      const session = accept();
      session.on('exec', (start: () => unknown) => {
        start();
        const data = Buffer.alloc(9 + 32_000);
        data[0] = 94;
        data.writeUInt32BE(session._chanInfo.outgoing.id, 1);
        data.writeUInt32BE(32_000, 5);
        for (let index = 0; index < 200; index++) sendMessage(client._protocol, data);
      });
    });
  });
  let bytes = 0;
  const session = await open.exec('flood');
  session.onData((piece) => {
    bytes += piece.length;
  });
  await new Promise((resolve) => session.onEnd(resolve));
  expect(bytes).toBeLessThanOrEqual(2 * 1024 * 1024);
});
