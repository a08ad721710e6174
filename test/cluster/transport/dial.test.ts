import { readFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { teleport } from '../../../proto/gen/teleport.js';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { nodeEntry } from '../state/entries.ts';
import { connectTls, login, type Session } from '../testing/plain-client.ts';
import { frameHead, framePayload, MessageReader } from './grpc-frames.ts';

const { ProxySSHRequest, ProxySSHResponse } = teleport.transport.v1;
const recordedUuid = '06591224-eb67-47af-a6cb-233218a5ef78';

interface Step {
  readonly what: string;
  readonly fields: null | string | { host_port?: string; cluster?: string; status?: string; message?: string };
}

function readSsh(name: string): { steps: (Step & { text?: string; hex?: string })[]; notes: Record<string, unknown> } {
  return JSON.parse(readFileSync(new URL(`../../vectors/ssh/${name}.json`, import.meta.url), 'utf8'));
}

let cluster: EmbeddedCluster;
let alice: Session;
let refusing: net.Server;

beforeAll(async () => {
  cluster = await startCluster({ name: 'real.test', serverVersion: '19.0.0-prealpha.2', resources: 5, sshd: false, leaf: false });
  // The recorded node by its name, UUID and address, in front of this cluster's own node.
  const own = cluster.nodes[0]!;
  cluster.root.inventory.remove(own.uuid);
  cluster.root.inventory.add([
    nodeEntry({ uuid: recordedUuid, hostname: 'node-one', labels: { env: 'dev' }, address: own.address, listed: '127.0.0.1:3922' }, '19.0.0'),
  ]);
  alice = await login(cluster, 'alice');
  refusing = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
});
afterAll(async () => {
  await cluster.close();
  refusing.close();
});

interface Outcome {
  readonly status: string | undefined;
  readonly message: string;
  readonly headersOnly: boolean;
  readonly text: string;
  readonly details: string;
}

/** Opens one ProxySSH stream, sends these payloads, and waits for the first bytes of the node or the end. */
function dial(target: { host_port: string; cluster: string } | null, payloads: readonly Buffer[] = [], waitForEnd = false): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const session = http2.connect('https://proxy', { createConnection: () => connectTls(cluster, alice, { cluster: '' }) });
    session.on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/teleport.transport.v1.TransportService/ProxySSH',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    const reader = new MessageReader();
    let trailers: http2.IncomingHttpHeaders = {};
    let headersOnly = false;
    let text = '';
    let details = 'none';
    const done = () => {
      session.destroy();
      resolve({
        status: trailers['grpc-status'] as string | undefined,
        message: decodeURIComponent(String(trailers['grpc-message'] ?? '')),
        headersOnly,
        text,
        details,
      });
    };
    stream.on('response', (headers, flags) => {
      headersOnly = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (headersOnly) trailers = headers;
    });
    stream.on('trailers', (headers) => {
      trailers = headers;
    });
    stream.on('data', (chunk: Buffer) => {
      for (const message of reader.take(chunk)) {
        const answer = ProxySSHResponse.decode(message);
        if (answer.details) details = Buffer.from(message).toString('hex');
        text += Buffer.from(answer.ssh?.payload ?? []).toString('latin1');
      }
      if (text.includes('\n') && !waitForEnd) done();
    });
    stream.on('close', done);
    stream.on('error', reject);
    const message = ProxySSHRequest.encode(target ? { dial_target: target } : {}).finish();
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    stream.write(Buffer.concat([head, message]));
    for (const payload of payloads) stream.write(Buffer.concat([frameHead(2, payload.length), payload]));
  });
}

describe('dial targets as recorded (dial-errors)', () => {
  const { steps } = readSsh('dial-errors');
  const pairs = steps.flatMap((step, index) => (step.what.startsWith('dial: ') ? [[step.what, step.fields, steps[index + 1]!.fields] as const] : []));
  it('has them all', () => expect(pairs.length).toBeGreaterThan(12));
  it.each(pairs)('%s', async (what, target, expected) => {
    // The UUID that is not there must not be ours by accident; the leaf of the recording is another cluster's name here too.
    const outcome = await dial(target as { host_port: string; cluster: string } | null);
    if (typeof expected === 'string') expect(outcome.text).toMatch(/^SSH-2\.0-Teleport resume-v1 /);
    // Two nodes of ours may live on 127.0.0.1; the recorded one had the address to itself.
    else expect([what, outcome.status, outcome.message, outcome.headersOnly]).toEqual([what, expected!.status, expected!.message, true]);
  });
});

it('the node speaks first, after an empty details message (node-ident)', async () => {
  const { text } = readSsh('node-ident').steps.at(-1)!;
  const outcome = await dial({ host_port: `${recordedUuid}:0`, cluster: 'real.test' });
  expect(outcome.details).toBe('0a00');
  const [, point = ''] = /^SSH-2\.0-Teleport resume-v1 (\S+) \S+\r\n$/.exec(outcome.text) ?? [];
  const [, recordedPoint = ''] = /^SSH-2\.0-Teleport resume-v1 (\S+) \S+\r\n$/.exec(text!) ?? [];
  expect(point.length).toBe(recordedPoint.length);
  // The recorded line carries a host UUID of the same length as this node's own.
  expect(outcome.text.length).toBe(text!.length);
});

it('a client that does not speak SSH is sent away; an empty frame ends the stream', async () => {
  const target = { host_port: `${recordedUuid}:0`, cluster: 'real.test' };
  expect(await dial(target, [Buffer.from('GET / HTTP/1.1')], true)).toMatchObject({ status: '7' });
  expect(await dial(target, [Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(0)], true)).toMatchObject({ status: '0', message: '' });
});

it('a server that is listed but cannot be reached is unavailable', async () => {
  const listed = cluster.root.inventory.nodes().find((node) => !node.address)!;
  expect(await dial({ host_port: `${listed.id}:0`, cluster: 'real.test' })).toMatchObject({ status: '14', headersOnly: true });
  cluster.root.inventory.add([
    nodeEntry(
      { uuid: '22222222-2222-4222-8222-222222222222', hostname: 'gone', labels: { env: 'dev' }, address: { host: '127.0.0.1', port: 1 } },
      '19.0.0',
    ),
  ]);
  expect(await dial({ host_port: '22222222-2222-4222-8222-222222222222:0', cluster: 'real.test' })).toMatchObject({ status: '14' });
});

it('frames survive any slicing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 70_000 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 50 }),
      (payloads, cuts) => {
        const bytes = Buffer.concat(payloads.flatMap((payload) => [frameHead(2, payload.length), Buffer.from(payload)]));
        const reader = new MessageReader();
        const received: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const next = at + cuts[turn % cuts.length]!;
          for (const message of reader.take(bytes.subarray(at, next))) {
            received.push(Buffer.from(framePayload(message, 2)!));
            expect(Buffer.from(ProxySSHRequest.decode(message).ssh!.payload!)).toEqual(received.at(-1));
          }
          at = next;
        }
        expect(received).toEqual(payloads.map((payload) => Buffer.from(payload)));
      },
    ),
    { numRuns: 30 },
  );
});
