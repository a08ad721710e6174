import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkIn, parseDeepLink } from './deep-link.ts';

const id = '01a20459-6b5b-7109-89e4-5b37851e13c2';

describe('links to access requests', () => {
  it.each([
    [`slipway://cluster/teleport.example.com:443/requests/${id}`, 'teleport.example.com:443'],
    [`SLIPWAY://Cluster/Teleport.Example.com:443/requests/${id.toUpperCase()}/`, 'teleport.example.com:443'],
    [`slipway://cluster/[::1]:3080/requests/${id}`, '[::1]:3080'],
  ])('%s', (link, address) => {
    expect(parseDeepLink(link)).toEqual({ cluster: null, address, id });
  });

  it.each([
    '',
    'slipway://',
    `slipway://cluster/teleport.example.com/requests/${id}`,
    `slipway://cluster/teleport.example.com:0/requests/${id}`,
    `slipway://cluster/teleport.example.com:65536/requests/${id}`,
    `slipway://cluster/user@evil.example:443/requests/${id}`,
    `slipway://cluster/evil.example%2f:443/requests/${id}`,
    `slipway://cluster/evil.example:443/requests/${id}?assume=1`,
    `slipway://cluster/evil.example:443/requests/${id}#x`,
    `slipway://cluster/evil.example:443/requests/../${id}`,
    `slipway://cluster/evil.example:443/requests/--help`,
    `slipway://cluster/evil.example:443/requests/${id}\n--connect=evil`,
    ` slipway://cluster/evil.example:443/requests/${id}`,
    `slipway://cluster/-evil:443/requests/${id}`,
    `slipway://terminal/evil.example:443/requests/${id}`,
    `teleport://cluster/evil.example:443/requests/${id}`,
    `https://cluster/evil.example:443/requests/${id}`,
    `slipway://cluster/${'a.'.repeat(300)}b:443/requests/${id}`,
  ])('refuses %j', (link) => expect(parseDeepLink(link)).toBeNull());

  it('never throws, and gives back only what stood in the link', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (tail) => {
        const found = parseDeepLink(`slipway://cluster/${tail}`);
        if (found) expect(`${found.address}/requests/${found.id}`).toBe(tail.toLowerCase().replace(/\/$/, ''));
      }),
    );
  });

  it('is found among other words, but not inside one', () => {
    expect(linkIn(['/usr/bin/slipway', '--no-sandbox', 'slipway://x'])).toBe('slipway://x');
    expect(linkIn(['/usr/bin/slipway', '--connect=slipway://x'])).toBeNull();
  });
});
