import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { proto } from '../../proto/gen/teleport.js';
import { type EmbeddedCluster, startCluster } from './index.ts';
import { login, rpc, type Session, web } from './testing/plain-client.ts';

let cluster: EmbeddedCluster;
let alice: Session;
const ping = () => rpc(cluster, alice, '/proto.AuthService/Ping', new Uint8Array());

beforeAll(async () => {
  cluster = await startCluster({ resources: 1, sshd: false, leaf: false });
  alice = await login(cluster, 'alice');
});
afterEach(() => cluster.setFaults({}));
afterAll(() => cluster.close());

it('web answers: garbage, wrong shape, cut off, a lying length', async () => {
  cluster.setFaults({ web: 'garbage' });
  expect((await web(cluster, 'GET', '/webapi/ping')).json).toBeUndefined();
  cluster.setFaults({ web: 'shape' });
  expect((await web(cluster, 'GET', '/webapi/ping')).json).toMatchObject({ auth: [] });
  cluster.setFaults({ web: 'cut' });
  await expect(web(cluster, 'GET', '/webapi/ping')).rejects.toThrow();
  cluster.setFaults({ web: 'length' });
  await expect(web(cluster, 'GET', '/webapi/ping')).rejects.toThrow();
  cluster.setFaults({ web: 'garbage', only: '/login/' });
  expect((await web(cluster, 'GET', '/webapi/ping')).status).toBe(200);
});

it('a web answer without end is sent only as fast as it is read', async () => {
  cluster.setFaults({ web: 'huge' });
  expect((await web(cluster, 'GET', '/webapi/find')).text.length).toBeGreaterThan(200 * 1024 * 1024);
});

it('RPC answers: garbage and more than 4 MiB', async () => {
  cluster.setFaults({ rpc: 'garbage' });
  const { messages } = await ping();
  expect(() => proto.PingResponse.decode(messages[0]!)).toThrow();
  cluster.setFaults({ rpc: 'huge' });
  await expect(ping()).rejects.toThrow('message cannot be taken');
});

it('refuses, drops and dawdles', async () => {
  cluster.setFaults({ refuse: 'not today' });
  expect(await ping()).toMatchObject({ status: 7, message: 'not today' });
  cluster.setFaults({ drop: ['rpc'] });
  await expect(ping()).rejects.toThrow();
  cluster.setFaults({ drop: ['web'] });
  await expect(web(cluster, 'GET', '/webapi/ping')).rejects.toThrow();
  cluster.setFaults({ slow: 300 });
  const start = performance.now();
  await ping();
  expect(performance.now() - start).toBeGreaterThan(290);
});

it('shortens certificates and lies about itself', async () => {
  cluster.setFaults({ expire: 2000 });
  expect(Date.parse(new X509Certificate((await login(cluster, 'alice')).tlsCert).validTo)).toBeLessThan(Date.now() + 3000);
  cluster.setFaults({ lie: 'version' });
  expect((await web(cluster, 'GET', '/webapi/ping')).json).toMatchObject({ server_version: '99.0.0' });
  cluster.setFaults({ lie: 'cluster-name' });
  expect((await web(cluster, 'GET', '/webapi/ping')).json).toMatchObject({ cluster_name: 'somebody-else' });
  cluster.setFaults({ lie: 'host-ca' });
  const misled = await login(cluster, 'alice');
  await expect(rpc(cluster, misled, '/proto.AuthService/Ping', new Uint8Array())).rejects.toThrow();
});
