import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../teleport/connect/address.ts';
import { linkIn, parseDeepLink } from './deep-link.ts';

const id = '01a20459-6b5b-7109-89e4-5b37851e13c2';

describe('links to access requests', () => {
  it.each([
    [`slipway://cluster/teleport.example.com:443/requests/${id}`, 'teleport.example.com:443'],
    [`SLIPWAY://Cluster/Teleport.Example.com:443/requests/${id.toUpperCase()}/`, 'teleport.example.com:443'],
    [`slipway://cluster/[::1]:3080/requests/${id}`, '[::1]:3080'],
    [`slipway://cluster/my_proxy.corp:3080/requests/${id}`, 'my_proxy.corp:3080'],
    [`slipway://cluster/[fe80::1%eth0]:3080/requests/${id}`, '[fe80::1%eth0]:3080'],
    [`slipway://cluster/[fe80::1%25eth0]:3080/requests/${id}`, '[fe80::1%eth0]:3080'],
    [`slipway://cluster/%5B::1%5D:3080/requests/${id}`, '[::1]:3080'],
    [`slipway://cluster/bücher.example:3080/requests/${id}`, 'xn--bcher-kva.example:3080'],
    [`slipway://cluster/b%C3%BCcher.example:3080/requests/${id}`, 'xn--bcher-kva.example:3080'],
    [`slipway://cluster/10.0.0.1:3080/requests/${id}`, '10.0.0.1:3080'],
    [`slipway://cluster/teleport.example.com/requests/${id}`, 'teleport.example.com:443'],
    [`slipway://cluster/fe80::1/requests/${id}`, '[fe80::1]:443'],
  ])('%s', (link, address) => {
    expect(parseDeepLink(link)).toEqual({ cluster: null, address, id });
  });

  it.each([
    '',
    'slipway://',
    `slipway://cluster/evil.example%5c:443/requests/${id}`,
    `slipway://cluster/https://evil.example:443/requests/${id}`,
    `slipway://cluster/evil%0aexample:443/requests/${id}`,
    `slipway://cluster/evil%40example:443/requests/${id}`,
    `slipway://cluster/constructor%00:443/requests/${id}`,
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

  it('never throws, and takes every address that the field for clusters takes, with its port, and no other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(70_000), (host, port) => {
        const typed = formatAddress(host, port);
        const found = parseDeepLink(`slipway://cluster/${typed}/requests/${id}`);
        if (/[\s\p{Cc}\p{Cf}/?#@\\%]/u.test(typed)) return;
        let taken: string | null = null;
        try {
          const address = parseAddress(typed);
          taken = formatAddress(address.host, address.port ?? 443);
        } catch {
          // Neither takes it.
        }
        expect(found?.address ?? null).toBe(taken);
      }),
    );
  });

  it('is found among other words, but not inside one', () => {
    expect(linkIn(['/usr/bin/slipway', '--no-sandbox', 'slipway://x'])).toBe('slipway://x');
    expect(linkIn(['/usr/bin/slipway', '--connect=slipway://x'])).toBeNull();
  });
});
