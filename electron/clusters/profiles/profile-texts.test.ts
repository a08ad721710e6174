import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hostCaKeys, knownHostsLines, mergeKnownHosts } from './known-hosts.ts';
import { checkFileName, profileNameOf, splitAddress } from './names.ts';
import { type Profile, parseProfile, profileSchema, renderProfile } from './profile-yaml.ts';

const profile: Profile = { web_proxy_addr: 'h:443', user: 'alice', cluster: 'c', tls_routing_enabled: true, mfa_mode: '', private_key_policy: '' };

describe('profile YAML', () => {
  it('is in the order of tsh, without empty values save those it always writes', () => {
    const shuffled: Profile = {
      private_key_policy: '',
      cluster: 'c',
      mfa_mode: '',
      tls_routing_enabled: true,
      user: 'alice',
      web_proxy_addr: 'h:443',
    };
    expect(renderProfile(null, shuffled)).toBe('web_proxy_addr: h:443\nuser: alice\ncluster: c\ntls_routing_enabled: true\nprivate_key_policy: ""\n');
  });

  it('reads what tsh 19 writes', () => {
    const text =
      'web_proxy_addr: localhost:3980\nssh_proxy_addr: localhost:3980\nuser: alice\ncluster: real.test\ndir: ""\ntls_routing_enabled: true\nmfa_mode: auto\nprivate_key_policy: ""\npiv_slot: ""\npiv_pin_cache_ttl: 0s\nmissingclusterdetails: false\nssh_dial_timeout: 30s\n';
    expect(parseProfile(text)).toMatchObject({ web_proxy_addr: 'localhost:3980', user: 'alice', piv_pin_cache_ttl: '0s' });
    expect(renderProfile(text, parseProfile(text)!)).toBe(text);
    expect(parseProfile('{"web_proxy_addr": "h:443", "user": null}')).toEqual({ web_proxy_addr: 'h:443' });
  });

  it('keeps unknown keys, their order and comments through any change', () => {
    const key = fc.stringMatching(/^[a-z_]{1,12}$/).filter((name) => name !== '__proto__');
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.string()))),
        fc.string({ minLength: 1 }),
        (foreign, user) => {
          const before = JSON.stringify({ ...foreign, ...profile });
          const after = parse(renderProfile(before, { ...profile, user })) as Record<string, unknown>;
          for (const name of Object.keys(foreign)) if (!(name in profile)) expect(after[name]).toEqual(foreign[name]);
          expect(after.user).toBe(user);
        },
      ),
    );
  });

  it('puts new keys where tsh has them, whatever stands between', () => {
    const order = Object.keys(profileSchema.shape) as (keyof Profile)[];
    const chosen = fc.subarray(order.slice(1));
    const of = (keys: (keyof Profile)[]) =>
      Object.fromEntries(
        ['web_proxy_addr' as const, ...keys].map((key) => [key, /_enabled|_required|_cas|details/.test(key) ? true : 'x']),
      ) as Profile;
    fc.assert(
      fc.property(chosen, chosen, chosen, (before, after, emptied) => {
        const text = renderProfile('web_proxy_addr: x\nforeign: 1\n', of(before));
        const change = { ...of(after), ...Object.fromEntries(emptied.map((key) => [key, ''])) } as Profile;
        const written = parse(renderProfile(text, change)) as Record<string, unknown>;
        const known = Object.keys(written).filter((key) => key !== 'foreign');
        expect(known).toEqual(order.filter((key) => key in written));
        expect(written.foreign).toBe(1);
        for (const key of order) if (change[key]) expect(written[key]).toBe(change[key]);
      }),
    );
  });

  it('survives texts that mean something else in YAML', () => {
    for (const user of ['yes', 'null', '007', '1e3', '- x', 'a: b', '# c', "o'neil", '"', 'zoé@example.com', '*a', '&a', '!!str x', ' lead'])
      expect(parseProfile(renderProfile(null, { ...profile, user }))?.user).toBe(user);
  });

  it('refuses bombs and nonsense without throwing', () => {
    const bomb = `a: &a [x,x,x]\n${'bcdefghij'
      .split('')
      .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}x]`)
      .join('\n')}\nweb_proxy_addr: h:443\n`;
    expect(parseProfile(bomb)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => void parseProfile(text)));
  });
});

describe('known_hosts', () => {
  const cas = [{ cluster: 'root.test', keys: ['ssh-ed25519 AAAA\n', 'ssh-rsa BBBB comment'] }];

  it('has a line per key in the form of tsh', () => {
    expect(knownHostsLines('proxy', cas)).toEqual([
      '@cert-authority proxy,root.test,*.root.test ssh-ed25519 AAAA type=host',
      '@cert-authority proxy,root.test,*.root.test ssh-rsa BBBB type=host',
    ]);
  });

  it('finds the keys of a cluster by the position of its name', () => {
    const content = [
      ...knownHostsLines('leaf.test', cas),
      '@cert-authority leaf.test,*.leaf.test ssh-ed25519 CCCC type=host&logins=root',
      '@cert-authority *.leaf.test ssh-ed25519 DDDD',
      '@cert-authority leaf.test ssh-ed25519 EEEE type=user',
      'leaf.test ssh-ed25519 FFFF',
      '@revoked leaf.test ssh-ed25519 GGGG',
    ].join('\n');
    expect(hostCaKeys(content, 'root.test')).toEqual(['ssh-ed25519 AAAA', 'ssh-rsa BBBB']);
    expect(hostCaKeys(content, 'leaf.test')).toEqual(['ssh-ed25519 CCCC', 'ssh-ed25519 DDDD']);
    expect(hostCaKeys(content, 'test')).toEqual([]);
  });

  it('merging twice changes nothing, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const lines = knownHostsLines('proxy', cas);
        const once = mergeKnownHosts(content, lines);
        expect(mergeKnownHosts(once, lines)).toBe(once);
        for (const line of [...content.split('\n').filter((part) => part.trim()), ...lines]) expect(once.split('\n')).toContain(line);
        hostCaKeys(content, 'root.test');
      }),
    );
  });
});

describe('names', () => {
  it('come from addresses without port and brackets', () => {
    expect(['h:443', '[::1]:3080', 'h', '10.0.0.1:1'].map(profileNameOf)).toEqual(['h', '::1', 'h', '10.0.0.1']);
    expect(splitAddress('[fe80::1]:22')).toEqual({ host: 'fe80::1', port: 22 });
  });

  it('are refused where Windows cannot hold them', () => {
    expect(checkFileName('user name', 'a@b.example', 'win32')).toBe('a@b.example');
    for (const name of ['a:b', 'a*', 'con?', 'a"', 'a<b', 'a|b', 'trailing.'])
      expect(() => checkFileName('user name', name, 'win32')).toThrow('cannot be used as a file name');
    expect(checkFileName('user name', 'a:b', 'linux')).toBe('a:b');
  });
});
