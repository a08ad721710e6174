import { expect, it } from 'vitest';
import { forcedUpgrade } from './forced-upgrade.ts';

it.each([
  [undefined, null],
  ['', null],
  ['perhaps', null],
  ['yes', true],
  ['FALSE', false],
  ['proxy.test:443=true', true],
  ['other.test:443=true', null],
  ['proxy.test=true', null],
  ['true; Proxy.test:443=no', false],
  ['proxy.test:443=1,false', true],
  ['other.test:443=1,=,==,;off', false],
])('%j says %j', (setting, wanted) => expect(forcedUpgrade('proxy.test:443', setting)).toBe(wanted));
