import { describe, expect, it } from 'vitest';
import { pingSchema } from '../../teleport/web/web-shapes.ts';
import { profileOfPing, publicAddress, sshProxyAddress } from './profile-of-ping.ts';

const ping = (proxy: object) => pingSchema.parse({ server_version: '18.0.0', cluster_name: 'c', proxy });
const places = (proxy: object, address = 'teleport.example.com:443') => {
  const { ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr } = profileOfPing(address, ping(proxy));
  return [ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr];
};
const web = 'teleport.example.com';

it('under TLS routing everything is at the web address', () => {
  expect(places({ tls_routing_enabled: true, kube: { enabled: true, listen_addr: '0.0.0.0:3026' } })).toEqual(Array(5).fill(`${web}:443`));
});

it('without it, each service is where the proxy says, or at its usual port', () => {
  expect(places({})).toEqual([`${web}:3023`, undefined, `${web}:443`, `${web}:3036`, `${web}:27017`]);
  expect(
    places({
      ssh: { listen_addr: '0.0.0.0:4023' },
      kube: { enabled: true, listen_addr: '0.0.0.0:4026' },
      db: { postgres_listen_addr: '0.0.0.0:5432', mysql_listen_addr: '[::]:3307', mongo_public_addr: 'mongo.example.com' },
    }),
  ).toEqual([`${web}:4023`, `${web}:4026`, `${web}:5432`, `${web}:3307`, 'mongo.example.com:27017']);
  expect(places({ kube: { enabled: true, public_addr: 'kube.example.com:443', listen_addr: '0.0.0.0:3026' } })[1]).toBe('kube.example.com:443');
  expect(places({ kube: { enabled: true, listen_addr: '10.0.0.7:3026' } })[1]).toBe('10.0.0.7:3026');
});

describe('addresses out of a ping', () => {
  const ping = (ssh: object, tls_routing_enabled = false) =>
    pingSchema.parse({ auth: {}, proxy: { ssh, tls_routing_enabled }, server_version: '19.0.0', cluster_name: 'c' });

  it('follow the rules of login-and-auth §1.4', () => {
    expect(publicAddress(ping({ public_addr: 'Tele.Example.com' }))).toBe('tele.example.com:3080');
    expect(publicAddress(ping({ public_addr: 'h:443' }))).toBe('h:443');
    expect(publicAddress(ping({}))).toBeNull();
    expect(publicAddress(ping({ public_addr: '../x y' }))).toBeNull();
    expect(sshProxyAddress('h:443', ping({}, true))).toBe('h:443');
    expect(sshProxyAddress('h:443', ping({}))).toBe('h:3023');
    expect(sshProxyAddress('h:443', ping({ listen_addr: '0.0.0.0:4023' }))).toBe('h:4023');
    expect(sshProxyAddress('h:443', ping({ ssh_public_addr: 'ssh.h', listen_addr: '0.0.0.0:4023' }))).toBe('ssh.h:3023');
  });

  it('name each service’s own port where TLS routing is off', () => {
    const profile = (proxy: object) => profileOfPing('h:443', pingSchema.parse({ auth: {}, proxy, server_version: '15.4.0', cluster_name: 'c' }));
    const addresses = (proxy: object) => {
      const { ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr } = profile(proxy);
      return [ssh_proxy_addr, kube_proxy_addr, postgres_proxy_addr, mysql_proxy_addr, mongo_proxy_addr];
    };
    expect(addresses({ ssh: {}, kube: { enabled: true, listen_addr: '0.0.0.0:4026' }, db: {} })).toEqual([
      'h:3023',
      'h:4026',
      'h:443',
      'h:3036',
      'h:27017',
    ]);
    expect(addresses({ kube: { enabled: true, listen_addr: '[::]:3026' } })[1]).toBe('h:3026');
    expect(addresses({ kube: { enabled: true, listen_addr: '10.1.2.3:3026' } })[1]).toBe('10.1.2.3:3026');
    expect(addresses({ kube: { enabled: true, public_addr: 'kube.h', listen_addr: '10.1.2.3:4026' } })[1]).toBe('kube.h:3026');
    expect(
      addresses({
        kube: { enabled: false, listen_addr: '0.0.0.0:3026' },
        db: { mysql_public_addr: 'db.h:33', postgres_listen_addr: '0.0.0.0:5432' },
      }),
    ).toEqual(['h:3023', undefined, 'h:5432', 'db.h:33', 'h:27017']);
    expect(addresses({ tls_routing_enabled: true, kube: null, db: null })).toEqual(Array(5).fill('h:443'));
  });

  it('are read whatever Go makes of empty parts', () => {
    const full = { auth: null, proxy: { kube: null, ssh: null, db: null, tls_routing_enabled: null }, server_version: '14.0.0', cluster_name: 'c' };
    expect(pingSchema.parse(full)).toMatchObject({ tlsRouting: false, kube: null, defaultSessionTtl: null });
    expect(pingSchema.parse({ ...full, auth: { default_session_ttl: 3_600_000_000_000 } }).defaultSessionTtl).toBe(3_600_000);
  });
});
