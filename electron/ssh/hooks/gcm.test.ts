import fc from 'fast-check';
import crypto from 'ssh2/lib/protocol/crypto.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const { createCipher: theirCipher, createDecipher: theirDecipher } = crypto;
let ours: Pick<typeof crypto, 'createCipher' | 'createDecipher'>;
beforeAll(async () => {
  await import('./gcm.ts');
  ours = { ...crypto };
});
afterAll(() => vi.resetModules());

const algorithms = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const;
const keyOf = (algorithm: string) => Buffer.alloc(crypto.CIPHER_INFO[algorithm]!.keyLen, 7);
/** The count is about to run over its lowest bytes. */
const iv = () => Buffer.from('0102030405060708ffffffff'.match(/../g)!.map((byte) => Number.parseInt(byte, 16)));

function encrypted(make: typeof crypto.createCipher, algorithm: string, payloads: readonly Uint8Array[]): Buffer {
  const written: Buffer[] = [];
  const cipher = make({
    outbound: {
      seqno: 3,
      cipherInfo: crypto.CIPHER_INFO[algorithm]!,
      cipherKey: keyOf(algorithm),
      cipherIV: iv(),
      onWrite: (bytes) => written.push(bytes),
    },
  });
  for (const payload of payloads) {
    const packet = cipher.allocPacket(payload.length);
    packet.set(payload, 5);
    cipher.encrypt(packet);
  }
  expect(cipher.outSeqno).toBe(3 + payloads.length);
  return Buffer.concat(written);
}

/** What comes out of bytes that arrive in pieces of these lengths, in turn. */
function decrypted(make: typeof crypto.createDecipher, algorithm: string, bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const payloads: Buffer[] = [];
  const decipher = make({
    inbound: {
      ...{ seqno: 3, decipherInfo: crypto.CIPHER_INFO[algorithm]!, decipherKey: keyOf(algorithm), decipherIV: iv() },
      onPayload: (payload) => {
        payloads.push(Buffer.from(payload));
        return undefined;
      },
    },
  });
  for (let at = 0, nth = 0; at < bytes.length; nth++) {
    const end = Math.min(bytes.length, at + cuts[nth % cuts.length]!);
    // At an odd place of larger memory, as from the line.
    const memory = Buffer.concat([Buffer.alloc(3), bytes.subarray(at, end), Buffer.alloc(2)]);
    decipher.decrypt(memory, 3, memory.length - 2);
    at = end;
  }
  expect(decipher.inSeqno).toBe(3 + payloads.length);
  return payloads;
}

const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 33_000, size: 'max' }), { minLength: 1, maxLength: 6 });
const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70_000 })), { minLength: 1, maxLength: 5 });
function same(got: readonly Buffer[], wanted: readonly Uint8Array[]): void {
  expect(got.map((each) => each.toString('base64'))).toEqual(wanted.map((each) => Buffer.from(each).toString('base64')));
}

describe.each(algorithms)('%s', (algorithm) => {
  test('what ours encrypts, ssh2’s own decrypts', () => {
    fc.assert(
      fc.property(payloads, cuts, (sent, lengths) =>
        same(decrypted(theirDecipher, algorithm, encrypted(ours.createCipher, algorithm, sent), lengths), sent),
      ),
      { numRuns: 40 },
    );
  });

  test('what ssh2’s own encrypts, ours decrypts, cut anywhere', () => {
    fc.assert(
      fc.property(payloads, cuts, (sent, lengths) =>
        same(decrypted(ours.createDecipher, algorithm, encrypted(theirCipher, algorithm, sent), lengths), sent),
      ),
      { numRuns: 40 },
    );
  });

  test('a bit that was changed on the way, and a length that cannot be, are refused', () => {
    const bytes = encrypted(theirCipher, algorithm, [Buffer.alloc(100, 1), Buffer.alloc(100, 2)]);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), cuts, (bit, lengths) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        let got: Buffer[] | null = null;
        try {
          got = decrypted(ours.createDecipher, algorithm, changed, lengths);
        } catch {
          return;
        }
        // A longer length waits for bytes that do not come.
        expect(got.length).toBeLessThan(2);
      }),
      { numRuns: 200 },
    );
    for (const length of [0, 15, 17, 35_008, 0xffffffff]) {
      const head = Buffer.alloc(40);
      head.writeUInt32BE(length);
      expect(() => decrypted(ours.createDecipher, algorithm, head, [40])).toThrow('Bad packet length');
    }
  });
});

test('other ciphers are ssh2’s', () => {
  const cipherInfo = crypto.CIPHER_INFO['aes128-ctr']!;
  const config = {
    outbound: { seqno: 0, cipherInfo, cipherKey: Buffer.alloc(16), cipherIV: Buffer.alloc(16), onWrite() {}, macInfo: null, macKey: null },
  };
  expect(() => ours.createCipher(config as never)).toThrow(/mac/i);
});
