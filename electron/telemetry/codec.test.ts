import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type UsageEventName, usageEventNames } from '../../shared/model/telemetry.ts';
import { anonymize } from './anonymize.ts';
import { loadCodec } from './codec.ts';
import { fieldSchemas, type StampedEvent } from './events.ts';

const clusterId = 'e4f80f77-1b3c-4bb2-9d1e-0f6d0c7a2b51';
const stamp = { id: '1', distinctId: '0a6a9a2e-5d0e-4b6e-9f1b-3b6f2f1c7d10', time: Date.parse('2026-01-01T00:00:00.250Z') };
const names = { cluster_name: anonymize(clusterId, 'teleport.example.com'), user_name: anonymize(clusterId, 'alice@example.com') };
const hex = async (event: StampedEvent) => Buffer.from((await loadCodec()).encode(event)).toString('hex');

const head = '0a2430613661396132652d356430652d346236652d396631622d336236663266316337643130' + '120b0880f2d6ca061080e59a77';
const hashes =
  '0a2c3658355a6c3544385a567947735744744a69552f562f62714b37336a4e706f5233322b684f4d63366471513d' +
  '122c615964494f324f5344545279584835794573553161655a494f794f72526b6a6b7674494346782f306554453d';
const protocolUse: StampedEvent = {
  ...stamp,
  event: 'protocol_use',
  fields: { ...names, protocol: 'ssh', origin: 'search_bar', access_through: 'proxy_service' },
};
const download: StampedEvent = { ...stamp, event: 'file_transfer_run', fields: { ...names, is_upload: false } };

describe('wire vectors (docs/protocol/telemetry.md §5.2)', () => {
  test('protocol_use, ssh from the search bar: 177 bytes', async () => {
    expect(await hex(protocolUse)).toBe(`${head}227c${hashes}1a03737368220a7365617263685f6261722a0d70726f78795f73657276696365`);
  });
  test('file_transfer_run, a download: the default is left out', async () => {
    expect(await hex(download)).toBe(`${head}425c${hashes}`);
  });
});

test('an answer is an empty message, or one of a newer schema; not just any bytes', async () => {
  const { isAnswer } = await loadCodec();
  expect(isAnswer(new Uint8Array())).toBe(true);
  expect(isAnswer(Uint8Array.of(0x0a, 0x01, 0x41))).toBe(true);
  for (const garbage of [[0x0a, 0x7f], [0xff], [0x07], [0x00, 0x00]]) expect(isAnswer(Uint8Array.from(garbage))).toBe(false);
});

const python = '/usr/bin/python3';
const judge = fileURLToPath(new URL('../../test/cluster/collector-judge.py', import.meta.url));
const judged = (lines: string[]) =>
  spawnSync(python, [judge], { input: lines.map((line) => `${line}\n`).join(''), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const probe = judged([]);
const hasJudge = probe.status === 0;
if (!hasJudge) console.warn(`SKIPPED: usage events judged by Python's protobuf (needs ${python} with python3-protobuf)`);

describe.skipIf(!hasJudge)('Python’s protobuf as judge', () => {
  const read = (lines: string[]) => {
    const { stdout, stderr, status } = judged(lines);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; bytes: string; fields: Record<string, Record<string, unknown>> });
  };

  test('both vectors decode and are made again byte for byte', async () => {
    const lines = [await hex(protocolUse), await hex(download)];
    const [first, second] = read(lines);
    expect([first?.bytes, second?.bytes]).toEqual(lines);
    expect(first?.fields).toEqual({ distinct_id: stamp.distinctId, timestamp: '2026-01-01T00:00:00.250Z', protocol_use: protocolUse.fields });
    expect(second?.fields.file_transfer_run).toEqual(names);
  });

  test('any event of any kind reads there as it was here', async () => {
    const hash = fc.tuple(fc.uuid(), fc.string({ unit: 'binary' })).map(([key, name]) => anonymize(key, name));
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const field = (name: string) =>
      /^(cluster|user)_name$/.test(name)
        ? hash
        : /^(is_upload|success)$/.test(name)
          ? fc.boolean()
          : name === 'kind'
            ? fc.constantFrom('role', 'resource')
            : text;
    const event = (name: UsageEventName) =>
      fc
        .record({
          distinctId: fc.uuid({ version: 4 }),
          time: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }),
          fields: fc.record(Object.fromEntries(Object.keys(fieldSchemas[name].shape).map((key) => [key, field(key)]))),
        })
        .map((rest) => ({ id: 'x', event: name, ...rest }) as unknown as StampedEvent);
    const events = fc.sample(fc.oneof(...usageEventNames.map(event)), 600);
    const lines = await Promise.all(events.map(hex));
    read(lines).forEach((answer, index) => {
      const { event: kind, fields, distinctId, time } = events[index] as StampedEvent;
      expect(answer.event).toBe(kind);
      expect(answer.bytes).toBe(lines[index]);
      expect(answer.fields.distinct_id).toBe(distinctId);
      expect(Date.parse(String(answer.fields.timestamp))).toBe(time);
      expect(answer.fields[kind] ?? {}).toEqual(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== false)));
    });
  });
});
