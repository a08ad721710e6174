import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { AppError } from '../../../shared/errors/app-error.ts';
import { type RawServer, rawPort, startRawServer } from '../../../test/ssh/raw-server.ts';
import type { SshConnection } from '../connection.ts';
import { str, u32 } from '../wire-bytes.ts';

let server: RawServer;
let connection: SshConnection;
let line: Line;

beforeAll(async () => {
  server = await startRawServer();
});
afterEach(() => {
  connection.close();
  Object.assign(server.offer, { window: 2 ** 21, packetSize: 32768 });
});
afterAll(() => server.stop());

async function join(): Promise<void> {
  connection = await server.connect((socket) => {
    line = new Line(socket);
    return line;
  });
}

/** A socket whose other end can stop reading, without the megabytes that the system would take first. */
class Line extends Duplex {
  readonly #socket: Socket;
  #held: (() => void) | null = null;
  #isHeld = false;
  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (bytes) => this.push(bytes)).on('end', () => this.push(null));
  }
  get bytesRead(): number {
    return this.#socket.bytesRead;
  }
  get bytesWritten(): number {
    return this.#socket.bytesWritten;
  }
  hold(): void {
    this.#isHeld = true;
  }
  letGo(): void {
    this.#isHeld = false;
    this.#held?.();
  }
  override _read(): void {}
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const send = () => void this.#socket.write(bytes, done);
    if (this.#isHeld) this.#held = send;
    else send();
  }
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

/** Opens one channel of each kind, and promises why it ended. */
const kinds = {
  shell: async () => ended(await connection.shell({ pty: { term: 'xterm', cols: 80, rows: 24 } })),
  exec: async () => ended(await connection.exec('true')),
  forward: async () => failed(await connection.forwardOut('127.0.0.1', 80)),
  'remote forward': async () => {
    let accepted!: (stream: Duplex) => void;
    const stream = new Promise<Duplex>((resolve) => {
      accepted = resolve;
    });
    await connection.forwardIn(
      '127.0.0.1',
      0,
      (accept) => accepted(accept()),
      () => {},
    );
    server.open('forwarded-tcpip', str('127.0.0.1'), u32(rawPort), str('127.0.0.1'), u32(1));
    const outcome = failed(await stream);
    return outcome;
  },
};
const ended = (channel: { onEnd(listener: (end: { error: AppError | null }) => void): void; onData(listener: () => void): void }) => {
  channel.onData(() => {});
  return { end: new Promise<AppError | null>((resolve) => channel.onEnd(({ error }) => resolve(error))) };
};
const failed = (stream: Duplex) => {
  const closed = new Promise<AppError | null>((resolve) => stream.once('close', () => resolve(stream.errored as AppError | null)));
  return { end: stream.closed ? Promise.resolve(stream.errored as AppError | null) : closed };
};
const cases = Object.entries(kinds);
/** The first channel of a connection, whoever opened it. */
const first = 0;

test.each(cases)('%s: output beyond the window closes the channel, and nothing of it is kept', async (_kind, begin) => {
  await join();
  const outcome = await begin();
  for (let sent = 0; sent < 3 * 2 ** 20; sent += 32768) server.data(first, Buffer.alloc(32768));
  expect(await outcome.end).toMatchObject({ code: 'bad-response' });
  await expect.poll(() => server.count('CHANNEL_CLOSE')).toBe(1);
});

test.each(cases)('%s: error output counts, also of types that nobody knows', async (_kind, begin) => {
  await join();
  const outcome = await begin();
  // What nobody reads is given back to the window at once; a packet that is too large is not.
  for (let sent = 0; sent < 400; sent++) server.moreText(first, 7, Buffer.alloc(1000));
  server.moreText(first, 7, Buffer.alloc(32768 + 1));
  expect(await outcome.end).toMatchObject({ code: 'bad-response' });
});

test.each(cases)('%s: a packet that is larger than was agreed closes the channel', async (_kind, begin) => {
  await join();
  const outcome = await begin();
  server.data(first, Buffer.alloc(32768 + 1));
  expect(await outcome.end).toMatchObject({ code: 'bad-response' });
});

test.each(cases)('%s: a window beyond 4 GB closes the channel', async (_kind, begin) => {
  await join();
  const outcome = await begin();
  server.say(93, u32(first), u32(2 ** 32 - 1));
  expect(await outcome.end).toMatchObject({ code: 'bad-response' });
});

test('a forward whose reader waits gets one window and no more is asked for', async () => {
  await join();
  const stream = await connection.forwardOut('127.0.0.1', 80);
  for (let sent = 0; sent < 2 ** 21; sent += 32768) server.data(first, Buffer.alloc(32768));
  server.moreText(first, 1, Buffer.from('x'));
  // The text was beyond the window, which nothing had made larger.
  expect(await failed(stream).end).toMatchObject({ code: 'bad-response' });
  expect(server.heard.filter(({ message }) => message === 'CHANNEL_WINDOW_ADJUST').length).toBe(0);
});

test('a forward is read to its end, then ends', async () => {
  await join();
  const stream = await connection.forwardOut('127.0.0.1', 80);
  for (let piece = 0; piece < 60; piece++) server.data(first, Buffer.alloc(32768, piece));
  server.moreText(first, 1, Buffer.from('the reason'));
  server.say(97, u32(first));
  let size = 0;
  for await (const bytes of stream) size += (bytes as Buffer).length;
  expect([size, stream.refusal]).toEqual([60 * 32768, 'the reason']);
});

test('a server that reads nothing, but lets us send for ever, stops the writer of a forward', async () => {
  server.offer.window = 2 ** 32 - 1;
  await join();
  const stream = await connection.forwardOut('127.0.0.1', 80);
  line.hold();
  let taken = 0;
  const write = () => {
    if (taken < 16) {
      stream.write(Buffer.alloc(2 ** 20), () => {
        taken++;
        write();
      });
    }
  };
  write();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThanOrEqual(2);
  line.letGo();
  await expect.poll(() => taken, { timeout: 10_000 }).toBe(16);
});

test('packets of no size are refused', async () => {
  server.offer.packetSize = 0;
  await join();
  await expect(connection.forwardOut('127.0.0.1', 80)).rejects.toMatchObject({ code: 'bad-response' });
  await expect(connection.exec('true')).rejects.toMatchObject({ code: 'bad-response' });
});

test.each([
  ['forwarded-streamlocal@openssh.com', [str('constructor'), str('')]],
  ['forwarded-streamlocal@openssh.com', [str('__proto__'), str('')]],
  ['forwarded-tcpip', [str('__proto__'), u32(22), str('a'), u32(1)]],
  ['auth-agent@openssh.com', []],
  ['x11', [str('a'), u32(1)]],
  ['session', []],
  ['constructor', []],
])('a channel %s that nobody asked for is refused', async (type, rest) => {
  await join();
  server.open(type, ...rest);
  await expect.poll(() => server.count('CHANNEL_OPEN_FAILURE')).toBe(1);
});

test('connections to a port on the server are bounded, and it is said', async () => {
  await join();
  const told: AppError[] = [];
  let taken = 0;
  const forward = await connection.forwardIn(
    '127.0.0.1',
    0,
    () => taken++,
    (error) => told.push(error),
  );
  for (let at = 0; at < 150; at++) server.open('forwarded-tcpip', str('127.0.0.1'), u32(forward.port), str('127.0.0.1'), u32(at));
  await expect.poll(() => server.count('CHANNEL_OPEN_FAILURE')).toBe(50);
  expect(taken).toBe(100);
  expect(told[0]).toMatchObject({ code: 'conflict', message: expect.stringContaining('100') });
});

test('ports on the server are bounded, and it is said', async () => {
  await join();
  const nobody = () => {};
  for (let at = 0; at < 100; at++) await connection.forwardIn('127.0.0.1', 0, nobody, nobody);
  await expect(connection.forwardIn('127.0.0.1', 0, nobody, nobody)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('100'),
  });
});

test('a server that asks without reading the answers loses the connection', async () => {
  await join();
  const over = new Promise<AppError | null>((resolve) => connection.onClose(resolve));
  line.hold();
  for (let sent = 0; sent < 3000; sent++) server.say(80, str('question'), Buffer.from([1]));
  expect(await over).toMatchObject({ code: 'bad-response', message: expect.stringContaining('without reading') });
});
