import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatAddress, parseAddress, splitAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['teleport.example.com', 'teleport.example.com', null],
    ['  Teleport.Example.com:3080 ', 'teleport.example.com', 3080],
    ['https://teleport.example.com', 'teleport.example.com', null],
    ['https://teleport.example.com:8443/web/cluster/x?y#z', 'teleport.example.com', 8443],
    ['teleport.example.com/web', 'teleport.example.com', null],
    ['https://alice@teleport.example.com:443/', 'teleport.example.com', 443],
    ['teleport.example.com.', 'teleport.example.com', null],
    ['bücher.example:443', 'xn--bcher-kva.example', 443],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah', null],
    ['10.0.0.1:3080', '10.0.0.1', 3080],
    ['[::1]:3080', '::1', 3080],
    ['[2001:DB8::1]', '2001:db8::1', null],
    ['2001:db8::1', '2001:db8::1', null],
    ['https://[::1]:443/web', '::1', 443],
    ['[fe80::1%eth0]:3080', 'fe80::1%eth0', 3080],
    ['my_host', 'my_host', null],
    ['localhost', 'localhost', null],
  ])('understands %j', (typed, host, port) => {
    expect(parseAddress(typed)).toEqual({ host, port });
  });

  it.each([
    '',
    '   ',
    'https://',
    'host:0',
    'host:65536',
    'host:port',
    'a:b:c',
    '[::1',
    '[nope]:443',
    'ho st',
    '-bad.example',
    'a..b',
    '1.2.3.4.5',
    `${'a'.repeat(64)}.example`,
    'host:443:443',
  ])('refuses %j with a sentence', (typed) => {
    expect(() => parseAddress(typed)).toThrow(expect.objectContaining({ name: 'AppError', code: 'bad-address' }));
  });

  it('gives an address that is read back the same, or an AppError, for any text', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.ipV6(),
      fc.tuple(fc.domain(), fc.integer({ min: -1, max: 70_000 })).map(([host, port]) => `${host}:${port}`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        try {
          const { host, port } = parseAddress(text);
          expect(splitAddress(formatAddress(host, port ?? 443))).toEqual({ host, port: port ?? 443 });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
