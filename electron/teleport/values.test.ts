import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { google } from '../../proto/gen/teleport.js';
import { millisOf, timestampOf } from './auth/wire-values.ts';
import { cleanText } from './connect/clean-text.ts';
import {
  isBefore,
  knowsOnlyLegacyUpgrade,
  listsNoLogins,
  parseVersion,
  takesSingleKey,
  versionWarning,
  wantsAppSession,
} from './connect/versions.ts';

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

describe('versions', () => {
  it('reads semantic versions only', () => {
    expect(parseVersion('18.2.0-rc.1')).toEqual({ major: 18, minor: 2, patch: 0, prerelease: 'rc.1' });
    expect(parseVersion('v19.0.0+abc')).toMatchObject({ major: 19, prerelease: '' });
    for (const text of ['', '19', '19.0', 'x.y.z', '19.0.0 ', '1.2.3.4', `1.2.${'3'.repeat(9)}`]) expect(parseVersion(text)).toBeNull();
  });

  it('decides what an old server takes', () => {
    expect(['16.9.9', '17.0.0-rc.1', '19.0.0', 'dev'].map(takesSingleKey)).toEqual([true, false, false, false]);
    expect(['14.3.0', '15.0.2', '15.1.0', '18.0.0', 'dev'].map(knowsOnlyLegacyUpgrade)).toEqual([true, true, false, false, false]);
    expect(isBefore('15.1.0', 15, 1)).toBe(false);
    expect(['15.9.9', '16.0.0', 'dev'].map(wantsAppSession)).toEqual([true, false, false]);
    expect(['14.3.0', '15.1.9', '15.2.0', 'dev'].map(listsNoLogins)).toEqual([true, true, false, false]);
  });

  it('warns outside of 14 to 19', () => {
    expect(['14.0.0', '19.9.0'].map(versionWarning)).toEqual([null, null]);
    expect(versionWarning('13.4.0')).toMatch(/older than Slipway supports/);
    expect(versionWarning('20.0.0')).toMatch(/update Slipway/);
    expect(versionWarning('?')).toMatch(/does not say/);
  });
});

describe('text from a server', () => {
  it('loses what could deceive and keeps what people write', () => {
    expect(cleanText('a\u0000b\u001b[31mc\u202Ed\u2066e\u200Bf\uFEFFg')).toBe('ab[31mcdefg');
    expect(cleanText('line\r\nnext\tcell')).toBe('line  next cell');
    expect(cleanText('line\nnext\u0007', 100, { lines: true })).toBe('line\nnext');
    expect(cleanText('日本 👩‍👩‍👧 שלום é')).toBe('日本 👩‍👩‍👧 שלום é');
    expect(cleanText(5)).toBe('');
  });

  it('is never longer than allowed and always well formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.integer({ min: 2, max: 50 }), (text, max) => {
        const cleaned = cleanText(text, max);
        expect(cleaned.length).toBeLessThanOrEqual(max);
        expect(cleaned).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });
});
