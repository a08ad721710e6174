import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { google } from '../../../proto/gen/teleport.js';
import { millisOf, timestampOf } from './wire-values.ts';

describe('timestamps', () => {
  it('go there and back over the wire', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000_000, max: 253_402_300_799_999 }), (millis) => {
        const { Timestamp } = google.protobuf;
        expect(millisOf(Timestamp.decode(Timestamp.encode(timestampOf(millis)).finish()))).toBe(millis);
      }),
    );
  });

  it('the first second of year 1, nothing and nonsense are no time', () => {
    expect([millisOf({ seconds: -62_135_596_800 }), millisOf(null), millisOf({ seconds: 1e18 }), millisOf({ seconds: Number.NaN })]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
