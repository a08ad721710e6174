import { expect, it } from 'vitest';
import { isBefore, knowsOnlyLegacyUpgrade, listsNoLogins, parseVersion, takesSingleKey, versionWarning, wantsAppSession } from './versions.ts';

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
