import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import * as z from 'zod';
import { AppError } from '../errors/app-error.ts';
import { Client } from './client.ts';
import { type Contract, call, stream, topic } from './define.ts';
import { applyPatch, diff } from './patch.ts';
import { portPair } from './port-pair.ts';
import { type Handlers, serve, Topic } from './server.ts';

const contract = {
  calls: { double: call(z.object({ n: z.number() }), z.number()), wait: call(z.null(), z.null()) },
  streams: { echo: stream(z.object({ prefix: z.string() }), z.object({ up: z.string() }), z.object({ down: z.string() })) },
  topics: { list: topic(z.array(z.object({ name: z.string() }))) },
} satisfies Contract;

function setUp(overrides: Partial<Handlers<typeof contract>['calls']> = {}) {
  const [near, far] = portPair();
  const list = new Topic<{ name: string }[]>([{ name: 'a' }]);
  const log = { refused: vi.fn(), failed: vi.fn() };
  serve(
    contract,
    far,
    {
      calls: { double: ({ n }) => n * 2, wait: () => null, ...overrides },
      streams: {
        echo: ({ prefix }, peer) => {
          peer.onData((bytes) => peer.write(bytes.slice(0, peer.credit)));
          peer.onMessage(({ up }) => peer.send({ down: prefix + up }));
        },
      },
      topics: { list },
    },
    log,
  );
  return { client: new Client(contract, near), list, log, near };
}

test('a call is answered', async () => {
  expect(await setUp().client.call('double', { n: 21 })).toBe(42);
});

test('a malformed argument never reaches the handler and is logged without its content', async () => {
  const double = vi.fn(() => 1);
  const { client, log } = setUp({ double });
  await expect(client.call('double', { n: 'secret' } as never)).rejects.toMatchObject({ code: 'invalid-argument' });
  expect(double).not.toHaveBeenCalled();
  expect(JSON.stringify(log.refused.mock.calls)).not.toContain('secret');
});

test('an expected error crosses as data; an unexpected one becomes internal without its text', async () => {
  const expected = setUp({
    double: () => {
      throw new AppError('offline', 'The cluster is away.', { details: { host: 'x' } });
    },
  });
  await expect(expected.client.call('double', { n: 1 })).rejects.toMatchObject({ code: 'offline', details: { host: 'x' } });
  const unexpected = setUp({
    double: () => {
      throw new Error('password=hunter2');
    },
  });
  const error = await unexpected.client.call('double', { n: 1 }).catch((caught: AppError) => caught);
  expect(error).toMatchObject({ code: 'internal' });
  expect(JSON.stringify((error as AppError).toData())).not.toContain('hunter2');
});

test('an aborted call rejects at once and aborts the handler', async () => {
  let seen: AbortSignal | undefined;
  const { client } = setUp({
    wait: (_input, { signal }) => {
      seen = signal;
      return new Promise<null>(() => {});
    },
  });
  const controller = new AbortController();
  const answer = client.call('wait', null, { signal: controller.signal });
  await vi.waitFor(() => expect(seen).toBeDefined());
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
  await vi.waitFor(() => expect(seen?.aborted).toBe(true));
});

test('a stream carries nothing before credit is granted, and messages both ways', async () => {
  const { client } = setUp();
  const received: number[] = [];
  const messages: string[] = [];
  const handle = client.open(
    'echo',
    { prefix: '>' },
    { data: (bytes) => received.push(...bytes), message: ({ down }) => messages.push(down), end: () => {} },
  );
  handle.write(new Uint8Array([1, 2, 3]));
  handle.send({ up: 'hello' });
  await vi.waitFor(() => expect(messages).toEqual(['>hello']));
  expect(received).toEqual([]);
  handle.grant(2);
  handle.write(new Uint8Array([4, 5, 6]));
  await vi.waitFor(() => expect(received).toEqual([4, 5]));
});

test('a topic gives a snapshot, then changes, keeping untouched objects the same', async () => {
  const { client, list } = setUp();
  const seen: { name: string }[][] = [];
  client.subscribe('list', (value) => seen.push(value));
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  list.set([list.get()[0]!, { name: 'b' }]);
  list.set([list.get()[0]!, { name: 'c' }]);
  await vi.waitFor(() => expect(seen.at(-1)).toEqual([{ name: 'a' }, { name: 'c' }]));
  expect(seen.at(-1)![0]).toBe(seen.at(-2)![0]);
});

test('a gap in the versions asks for a new snapshot', async () => {
  const { client, list, near } = setUp();
  const seen: unknown[] = [];
  client.subscribe('list', (value) => seen.push(value));
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  near.inject({ t: 'patch', id: 1, version: 9, operations: [{ path: [0, 'name'], value: 'lost' }] });
  list.set([{ name: 'after' }]);
  await vi.waitFor(() => expect(seen.at(-1)).toEqual([{ name: 'after' }]));
});

test('a closed port rejects what is under way', async () => {
  const { client, near } = setUp({ wait: () => new Promise<null>(() => {}) });
  const answer = client.call('wait', null);
  const ended = vi.fn();
  client.open('echo', { prefix: '' }, { data: () => {}, message: () => {}, end: ended });
  near.close();
  await expect(answer).rejects.toMatchObject({ code: 'closed' });
  expect(ended).toHaveBeenCalledOnce();
});

test('garbage on the port is refused and does no harm', async () => {
  const { client, log, near } = setUp();
  for (const garbage of [null, 1, 'x', {}, { t: 'call' }, { t: 'call', id: -1, name: 'double' }, { t: 'call', id: 7, name: '__proto__', input: {} }])
    near.send(garbage as never);
  expect(await client.call('double', { n: 1 })).toBe(2);
  expect(log.refused).toHaveBeenCalledTimes(7);
});

test('a patch made by diff turns the one value into the other', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const clean = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'proto'));
      const a = clean(before);
      const b = clean(after);
      expect(applyPatch(a, diff(a, b))).toEqual(b);
    }),
  );
});

test('a snapshot that does not fit its schema is left out, and asked for once only', async () => {
  const { client, list, near } = setUp();
  const seen: unknown[] = [];
  client.subscribe('list', (value) => seen.push(value));
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  const post = vi.spyOn(near, 'post');
  near.inject({ t: 'snapshot', id: 1, version: 0, value: [{ name: 7 }] });
  // The answer to a call comes after everything that was injected before it.
  await client.call('double', { n: 1 });
  expect(seen).toHaveLength(1);
  expect(post.mock.calls.map(([message]) => message)).toEqual([expect.objectContaining({ t: 'call' })]);
  list.set([{ name: 'b' }]);
  await vi.waitFor(() => expect(seen.at(-1)).toEqual([{ name: 'b' }]));
});
