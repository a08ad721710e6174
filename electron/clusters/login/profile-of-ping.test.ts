import { expect, it } from 'vitest';
import { pingSchema } from '../../teleport/web/web-shapes.ts';
import { profileOfPing } from './profile-of-ping.ts';

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
