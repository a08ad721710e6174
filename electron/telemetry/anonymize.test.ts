import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Anonymized, anonymize, anonymizedSchema } from './anonymize.ts';
import type { OutgoingEvent } from './events.ts';

const id = 'e4f80f77-1b3c-4bb2-9d1e-0f6d0c7a2b51';
const upper = '9C3F1A2E-77D0-4C55-8A11-3E0B6F5D9A42';

describe('vectors (docs/protocol/telemetry.md §5.1)', () => {
  test.each([
    [id, 'teleport.example.com', '6X5Zl5D8ZVyGsWDtJiU/V/bqK73jNpoR32+hOMc6dqQ='],
    [id, 'alice@example.com', 'aYdIO2OSDTRyXH5yEsU1aeZIOyOrRkjkvtICFx/0eTE='],
    [upper, 'zażółć-gęślą', '1V6vBNZntc0Lr9dYh76dc66CILXHJBGaX0PvmCVVuF4='],
    [upper.toLowerCase(), 'zażółć-gęślą', 'BCMwgsQ3HiBeaaSXF9uh+OHZIYUnasTKDI5+zdR1fsU='],
    [id, '', 'G43hysNkg1jVVz4pRxNSrNyjWrmTGeFwh3onJRlV0ls='],
  ])('%s hides %j', (key, name, hash) => expect(anonymize(key, name)).toBe(hash));

  test('plain HMAC is what it is made of', () => {
    expect(createHmac('sha256', 'key').update('secret').digest('base64')).toBe('Jc88RMjzkxPoy/fCPiL+iy7osojuUgawpjl1g6H38O8=');
  });
});

test('the forms of a UUID that are taken are keys as they stand', () => {
  const forms = [id, `urn:uuid:${id}`, `{${id}}`, id.replaceAll('-', ''), id.toUpperCase(), '00000000-0000-0000-0000-000000000000'];
  for (const form of forms) expect(anonymize(form, 'name')).toBe(createHmac('sha256', form).update('name').digest('base64'));
  expect(new Set(forms.map((form) => anonymize(form, 'name'))).size).toBe(forms.length);
});

test.each([
  '',
  ' ',
  'key',
  `${id} `,
  ` ${id}`,
  `${id}\n`,
  id.slice(1),
  `${id}0`,
  `{${id}`,
  `(${id})`,
  id.replace('e', 'g'),
  id.replaceAll('-', '_'),
  'urn:uuid:',
  `uuid:${id}`,
])('%j is refused as a key', (key) =>
  expect(() => anonymize(key, 'teleport.example.com')).toThrow(expect.objectContaining({ code: 'invalid-argument' })),
);

test('an error about a bad id says neither id nor name', () => {
  try {
    anonymize('almost-a-uuid', 'alice');
    expect.unreachable();
  } catch (caught) {
    expect(`${caught} ${(caught as Error).stack}`).not.toMatch(/almost-a-uuid|alice/);
  }
});

test('any Unicode name has a hash of its own, of one length, that shows nothing of it', () => {
  const names = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string());
  fc.assert(
    fc.property(fc.uuid(), names, names, (key, one, other) => {
      const hash = anonymize(key, one);
      expect(hash).toHaveLength(44);
      expect(anonymizedSchema.parse(hash)).toBe(hash);
      expect(Buffer.from(hash, 'base64')).toEqual(createHmac('sha256', Buffer.from(key)).update(Buffer.from(one)).digest());
      if (!Buffer.from(one).equals(Buffer.from(other))) expect(anonymize(key, other)).not.toBe(hash);
    }),
  );
});

test('a name of 1 MiB is hidden like any other', () => {
  expect(anonymize(id, 'ż'.repeat(512 * 1024))).toHaveLength(44);
});

test('nothing is normalised: two spellings of one letter are two names', () => {
  expect(anonymize(id, '\u00e9')).not.toBe(anonymize(id, 'e\u0301'));
});

test('a plain name does not fit into an event that leaves', () => {
  expectTypeOf<string>().not.toExtend<Anonymized>();
  expectTypeOf({
    event: 'access_request_review' as const,
    fields: { cluster_name: anonymize(id, 'a'), user_name: anonymize(id, 'b') },
  }).toExtend<OutgoingEvent>();
  expectTypeOf({
    event: 'access_request_review' as const,
    fields: { cluster_name: 'a', user_name: anonymize(id, 'b') },
  }).not.toExtend<OutgoingEvent>();
  expect(anonymizedSchema.safeParse('teleport.example.com').success).toBe(false);
});
