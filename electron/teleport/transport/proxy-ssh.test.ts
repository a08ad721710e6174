import { readFileSync } from 'node:fs';
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { teleport } from '../../../proto/gen/teleport.js';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { openProxySsh } from './proxy-ssh.ts';
import { dialError } from './proxy-ssh-errors.ts';
import { encodeFrames } from './proxy-ssh-frames.ts';
import { ProxySshPool, type ProxySshTarget } from './proxy-ssh-pool.ts';

const { ProxySSHRequest } = teleport.transport.v1;
const details = Buffer.from([0, 0, 0, 0, 2, 0x0a, 0]);
const target = (changes: object = {}): ProxySshTarget => ({
  proxy: { host: '127.0.0.1', port: 1, upgrade: false, version: '19.0.0', trustedFingerprint: null },
  tls: { servername: 'x.teleport.cluster.local', ca: ['ca'], cert: 'cert', key: 'key', ...changes },
  dial: { hostPort: 'uuid:0', cluster: 'root' },
});

let server: Http2Server;
let sockets: Socket[];
let pool: ProxySshPool;
let dials: number;
/** What the proxy does with a call, after its headers. */
let answer: (call: ServerHttp2Stream, received: () => Buffer) => void;

beforeEach(async () => {
  sockets = [];
  dials = 0;
  server = createServer({ settings: { initialWindowSize: 65535 } });
  server.on('session', (session) => session.on('error', () => {}));
  server.on('stream', (call) => {
    const chunks: Buffer[] = [];
    call.on('data', (chunk: Buffer) => chunks.push(chunk));
    call.on('error', () => {});
    answer(call, () => Buffer.concat(chunks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pool = new ProxySshPool(async () => {
    dials++;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket as TLSSocket;
  });
});
afterEach(() => {
  pool.close();
  for (const socket of sockets) socket.destroy();
  server.close();
});

const accept = (call: ServerHttp2Stream) => {
  call.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  call.write(details);
};
const finish = (call: ServerHttp2Stream, status = 0, message = '') => {
  call.on('wantTrailers', () => call.sendTrailers({ 'grpc-status': String(status), 'grpc-message': encodeURIComponent(message) }));
  call.end();
};

test('it dials, and carries bytes both ways', async () => {
  let asked: Buffer = Buffer.alloc(0);
  answer = (call, received) => {
    accept(call);
    call.write(encodeFrames('ssh', [Buffer.from('SSH-2.0-Teleport\r\n')]));
    call.once('end', () => {
      asked = received();
      finish(call);
    });
  };
  const stream = await openProxySsh(target(), pool);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise((resolve) => stream.once('close', resolve));
  await vi.waitFor(() => expect(Buffer.concat(chunks).toString()).toBe('SSH-2.0-Teleport\r\n'));
  stream.end('hello');
  await ended;
  const length = asked.readUInt32BE(1);
  expect(ProxySSHRequest.decode(asked.subarray(5, 5 + length)).dial_target).toMatchObject({ host_port: 'uuid:0', cluster: 'root' });
  expect(Buffer.from(ProxySSHRequest.decode(asked.subarray(5 + length + 5)).ssh!.payload!).toString()).toBe('hello');
  expect(stream).toMatchObject({ bytesRead: 18, bytesWritten: 5 });
});

test('a thousand small writes in one turn are one write of the transport', async () => {
  answer = (call) => accept(call);
  const stream = await openProxySsh(target(), pool);
  const before = sockets[0]!.bytesWritten;
  for (let index = 0; index < 1000; index++) stream.write(Buffer.from('k'));
  await vi.waitFor(() => expect(sockets[0]!.bytesWritten - before).toBeGreaterThan(1000));
  // One message of 1,000 bytes: its head is 11 bytes, the HTTP/2 frame's 9.
  expect(sockets[0]!.bytesWritten - before).toBe(1000 + 11 + 9);
  stream.destroy();
});

test('calls of one identity share a session, another identity has its own', async () => {
  answer = (call) => accept(call);
  const streams = await Promise.all([openProxySsh(target(), pool), openProxySsh(target(), pool), openProxySsh(target({ cert: 'other' }), pool)]);
  expect(dials).toBe(2);
  for (const stream of streams) stream.destroy();
  (await openProxySsh(target(), pool)).destroy();
  expect(dials).toBe(2);
});

test('a lost session ends its streams, and the next call dials again', async () => {
  answer = (call) => accept(call);
  const stream = await openProxySsh(target(), pool);
  const failed = new Promise((resolve) => stream.once('error', resolve));
  sockets[0]!.destroy(new Error('reset'));
  expect(await failed).toMatchObject({ code: 'closed' });
  (await openProxySsh(target(), pool)).destroy();
  expect(dials).toBe(2);
});

test.each(
  (
    JSON.parse(readFileSync(new URL('../../../test/vectors/ssh/dial-errors.json', import.meta.url), 'utf8')).steps as {
      what: string;
      fields: { status: string; message: string };
    }[]
  )
    .map((step, index, steps) => ({ what: steps[index - 1]?.what, fields: step.fields, isOutcome: step.what === 'outcome' }))
    .filter(({ fields, isOutcome }) => isOutcome && typeof fields === 'object'),
)('recorded failure, $what', async ({ fields }) => {
  answer = (call) =>
    call.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': fields.status, 'grpc-message': encodeURIComponent(fields.message) },
      { endStream: true },
    );
  const error = await openProxySsh(target(), pool).catch((caught: AppError) => caught);
  expect(error).toMatchObject({
    code: { 3: 'invalid-argument', 5: 'not-found', 14: 'node-offline' }[fields.status],
    details: { status: Number(fields.status) },
  });
  expect((error as AppError).details!.server).toBe(fields.message.split('\n').at(-1)!.trim());
});

test('statuses have their codes, and their texts are cleaned', () => {
  expect(dialError(7, 'no%1b[31m access%E2%80%AE')).toMatchObject({ code: 'access-denied', details: { server: 'no[31m access' } });
  expect(dialError(5, 'the host is ambiguous err-node-is-ambiguous')).toMatchObject({ code: 'conflict' });
  expect(dialError(14, '%zz'.repeat(10_000))).toMatchObject({ code: 'node-offline' });
  expect(dialError(16, '')).toMatchObject({ code: 'expired' });
  expect(dialError(99, '')).toMatchObject({ code: 'bad-response' });
});

test('what is not a Teleport proxy is told so', async () => {
  answer = (call) => call.respond({ ':status': 502, 'content-type': 'text/html' }, { endStream: true });
  await expect(openProxySsh(target(), pool)).rejects.toMatchObject({ code: 'bad-response', details: { status: 502 } });
  answer = (call) => {
    call.respond({ ':status': 200 });
    call.write(Buffer.from([9, 9, 9, 9, 9, 9]));
  };
  await expect(openProxySsh(target(), pool)).rejects.toMatchObject({ code: 'bad-response' });
});

test('a silent proxy is given up, a cancelled call too', async () => {
  answer = () => {};
  await expect(openProxySsh(target(), pool, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  await expect(openProxySsh(target(), pool, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'timeout' });
  // The session that did not answer is not used again.
  expect(dials).toBe(2);
  const controller = new AbortController();
  answer = () => controller.abort();
  await expect(openProxySsh(target(), pool, { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
});

test('a reader that stops stops the proxy at its window', async () => {
  const flows: { sent: number }[] = [];
  answer = (call) => {
    accept(call);
    const flow = { sent: 0 };
    flows.push(flow);
    const piece = encodeFrames('ssh', [Buffer.alloc(16_000)]);
    const pump = () => {
      while (flow.sent < 100_000_000) {
        flow.sent += piece.length;
        if (!call.write(piece)) return void call.once('drain', pump);
      }
    };
    pump();
  };
  const readMost = async (stream: Duplex) => {
    let read = 0;
    stream.on('data', (chunk: Buffer) => {
      read += chunk.length;
    });
    await vi.waitFor(() => expect(read).toBeGreaterThan(90_000_000), { timeout: 10_000 });
    stream.destroy();
  };
  const stopped = await openProxySsh(target(), pool);
  // Another stream of the same connection is read meanwhile.
  await readMost(await openProxySsh(target(), pool));
  expect(dials).toBe(1);
  expect(flows[0]?.sent).toBeLessThan(30_000_000);
  await readMost(stopped);
});

test('agent frames go to the agent and its answers back', async () => {
  let asked: Buffer = Buffer.alloc(0);
  answer = (call, received) => {
    accept(call);
    call.write(encodeFrames('agent', [Buffer.from('list')]));
    call.on('data', () => {
      asked = received();
    });
  };
  const stream = await openProxySsh(target(), pool, {
    agent: (send) => ({ receive: (bytes) => send(Buffer.from(`answer to ${Buffer.from(bytes)}`)) }),
  });
  await vi.waitFor(() => expect(asked.toString()).toContain('answer to list'));
  const message = asked.subarray(5 + asked.readUInt32BE(1) + 5);
  expect(ProxySSHRequest.decode(message).frame).toBe('agent');
  stream.destroy();
});

test('a certificate that the proxy finds expired after the handshake means a new login', async () => {
  pool = new ProxySshPool(async () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    setTimeout(
      () =>
        socket.destroy(
          Object.assign(new Error('ssl3_read_bytes:ssl/tls alert certificate expired:SSL alert number 45'), {
            code: 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED',
          }),
        ),
      10,
    );
    return socket as TLSSocket;
  });
  answer = () => {};
  await expect(openProxySsh(target(), pool)).rejects.toMatchObject({ code: 'expired' });
});
