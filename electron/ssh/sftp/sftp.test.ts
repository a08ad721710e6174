import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { str, u32, WireReader } from '../wire-bytes.ts';
import { refusedSftp, sftpStatus, statusError } from './sftp-errors.ts';
import { decodeName, encodeName } from './sftp-names.ts';
import { attributesBytes, packet, packetType, readAttributes, readNames, stringBytes } from './sftp-packets.ts';
import { SftpReader } from './sftp-reader.ts';

describe('names', () => {
  test('any bytes come back as they were', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void expect(encodeName(decodeName(bytes)).equals(bytes)).toBe(true)));
  });
  test('text in UTF-8 stays what it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => void expect(decodeName(Buffer.from(text))).toBe(text)));
  });
  test('two different byte sequences are two different names', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.uint8Array({ maxLength: 8 }), (one, other) => {
        fc.pre(!Buffer.from(one).equals(other));
        expect(decodeName(one)).not.toBe(decodeName(other));
      }),
    );
  });
});

describe('attributes', () => {
  const number = fc.integer({ min: 0, max: 0xffffffff });
  test('are read as they were written', () => {
    const attributes = fc.record({ size: fc.maxSafeNat(), uid: number, gid: number, mode: number, atime: number, mtime: number });
    fc.assert(fc.property(attributes, (given) => void expect(readAttributes(new WireReader(attributesBytes(given)))).toEqual(given)));
  });
  test('that are cut off are an error, never a wrong value', () => {
    const whole = attributesBytes({ size: 1, uid: 2, gid: 3, mode: 4, atime: 5, mtime: 6 });
    for (let length = 0; length < whole.length; length++) expect(() => readAttributes(new WireReader(whole.subarray(0, length)))).toThrow();
  });
});

/** What a reader made of bytes that came in pieces. */
function read(bytes: Buffer, cuts: readonly number[], target = Buffer.alloc(70_000)): unknown[] {
  const seen: unknown[] = [];
  const reader = new SftpReader({
    dataTarget: (id) => (id < 1000 ? { buffer: target, at: 0, length: target.length } : null),
    onData: (id, length) => seen.push([id, Buffer.from(target.subarray(0, length)).toString('hex')]),
    onPacket: (type, id, body) => seen.push([type, id, Buffer.from(body).toString('hex')]),
  });
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  ends.reduce((from, to) => {
    reader.push(bytes.subarray(from, to));
    return to;
  }, 0);
  return seen;
}

describe('packets', () => {
  const one = fc.oneof(
    fc.record({ id: fc.nat(999), data: fc.uint8Array({ maxLength: 300 }) }).map(({ id, data }) => packet(packetType.data, id, [stringBytes(data)])),
    fc
      .record({ id: fc.nat(), type: fc.constantFrom(101, 102, 104, 105, 201), body: fc.uint8Array({ maxLength: 300 }) })
      .map(({ id, type, body }) => packet(type, id, [body])),
  );
  test('are the same however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), fc.array(fc.nat(5000), { maxLength: 12 }), (packets, cuts) => {
        const bytes = Buffer.concat(packets);
        expect(read(bytes, cuts)).toEqual(read(bytes, []));
        expect(read(bytes, [])).toHaveLength(packets.length);
      }),
    );
  });
  test('any bytes are packets or an error, and never more than came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        let seen: unknown[] = [];
        try {
          seen = read(Buffer.from(bytes), []);
        } catch (error) {
          expect((error as Error).message).toMatch(/packet|data/);
        }
        expect(seen.length * 9).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
  test.each([
    ['too long', Buffer.concat([u32(0x7fffffff), Buffer.from([101]), u32(1)])],
    ['without a number', Buffer.concat([u32(1), Buffer.from([101]), u32(1)])],
    ['of data with two lengths', Buffer.concat([u32(20), Buffer.from([103]), u32(1), u32(100), Buffer.alloc(11)])],
    ['of data that nobody asked for', packet(packetType.data, 5000, [str('abc')])],
    ['of more data than fits', packet(packetType.data, 1, [stringBytes(Buffer.alloc(70_001))])],
  ])('that are %s are refused', (_name, bytes) => {
    expect(() => read(bytes, [])).toThrow();
  });
  test('a list of names that promises more than it holds is an error', () => {
    expect(() => readNames(new WireReader(Buffer.concat([u32(0xffffffff), str('a'), str('a'), u32(0)])))).toThrow();
  });
});

describe('recorded at a real Teleport node', () => {
  const vector = (name: string) =>
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors/ssh', `${name}.json`), 'utf8')) as {
      steps: { what: string; dir: string; hex?: string; decoded: never }[];
    };
  const channelData = (name: string) =>
    vector(name)
      .steps.filter(({ what, dir, hex }) => what === 'CHANNEL_DATA' && dir === 's2c' && hex)
      .map(({ hex }) => new WireReader(Buffer.from(hex!, 'hex').subarray(5)).string());
  test('its version and first answer are read', () => {
    const seen = read(Buffer.concat(channelData('sftp-session').slice(0, 2)), [10, 50]) as [number, number, string][];
    expect(seen[0]?.slice(0, 2)).toEqual([packetType.version, 3]);
    const names = readNames(new WireReader(Buffer.from(seen[1]![2], 'hex')));
    expect(names).toEqual([{ name: '/home/vuser', long: '/home/vuser', attributes: {} }]);
  });
  test('its refusal by the role option is explained', () => {
    const text = vector('sftp-refused-role-option-off').steps.find(({ what }) => what === 'CHANNEL_EXTENDED_DATA')!.decoded as { data: string };
    expect(refusedSftp(text.data)).toMatchObject({ code: 'access-denied' });
    const launch = vector('sftp-refused-unknown-local-user').steps.find(({ what }) => what === 'CHANNEL_EXTENDED_DATA')!.decoded as { data: string };
    expect(refusedSftp(launch.data)).toMatchObject({ code: 'login-refused' });
    expect(refusedSftp('').message).toMatch(/10\.3/);
  });
});

test('statuses become sentences, with the server’s words and no control characters', () => {
  expect(statusError(2, 'No such file')).toMatchObject({ code: 'not-found', message: 'The server has no such file or folder.' });
  expect(statusError(3, 'open /x: permission denied')).toMatchObject({ code: 'access-denied' });
  expect(statusError(4, 'write /x: no space left on device')).toMatchObject({ code: 'disk' });
  expect(statusError(4, 'bad \u001b[31mred\n').message).toBe('The server could not do this: bad  [31mred');
  expect(statusError(4, 'Failure')).toMatchObject({ code: 'bad-response', message: expect.stringContaining('Its disk may be full') });
  expect(statusError(5, 'Bad message')).toMatchObject({ code: 'bad-response', message: expect.stringContaining('too long') });
  expect(sftpStatus(statusError(4, 'x'))).toBe(4);
  expect(sftpStatus(new Error('x'))).toBeNull();
});
