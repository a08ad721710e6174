import { once } from 'node:events';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket, { createWebSocketStream } from 'ws';
import { readVector } from '../../wire/vectors.ts';
import { type EmbeddedCluster, startCluster } from '../index.ts';
import { connectTls, hexName, login, rpc, rpcOver, type Session } from '../testing/plain-client.ts';

interface Probe {
  readonly negotiated?: string | false;
  readonly peer_subject?: string;
  readonly err?: string;
}

let cluster: EmbeddedCluster;
/** How far the cluster's clock is ahead, milliseconds. */
let ahead = 0;
let other: EmbeddedCluster;
let alice: Session;

beforeAll(async () => {
  [cluster, other] = await Promise.all([
    startCluster({ resources: 1, sshd: false, now: () => Date.now() + ahead }),
    startCluster({ name: 'other.test', resources: 1, sshd: false, leaf: false }),
  ]);
  alice = await login(cluster, 'alice');
});
afterEach(() => {
  ahead = 0;
});
afterAll(() => Promise.all([cluster.close(), other.close()]));

describe('what the web port answers to a ClientHello (tls-alpn-probes)', () => {
  const { probes } = readVector<{ probes: Record<string, Probe> }>('tls-alpn-probes');
  it.each(Object.entries(probes))('%s', async (offer, recorded) => {
    const [list = '', servername = 'localhost'] = offer.split(' @ ');
    const answer = await new Promise<Probe>((resolve) => {
      const socket = tls.connect({
        host: cluster.host,
        port: cluster.port,
        servername,
        rejectUnauthorized: false,
        ...(list === '(none)' ? {} : { ALPNProtocols: list.split(',') }),
      });
      socket.on('secureConnect', () => {
        const { O } = socket.getPeerCertificate().subject;
        resolve({ negotiated: socket.alpnProtocol ?? false, peer_subject: String(O) });
        socket.destroy();
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve({ err: error.code }));
    });
    if (recorded.err) expect(answer.err).toMatch(recorded.err === 'ECONNRESET' ? /ECONNRESET/ : /NO_APPLICATION_PROTOCOL/);
    else
      expect(answer).toEqual({ negotiated: recorded.negotiated, peer_subject: recorded.peer_subject?.includes('O=Proxy') ? 'Proxy' : 'localhost' });
  });
});

describe('mistakes in the connection to auth', () => {
  const ping = (options: object, session = alice) => rpc(cluster, session, '/proto.AuthService/Ping', new Uint8Array(), options);

  it.each([
    ['tls-wrong-sni-cluster', () => ({ servername: `${hexName('nope.test')}.teleport.cluster.local` }), /UNKNOWN_CA/],
    [
      'leaf-sni-leaf',
      () => ({ cluster: 'leaf', ca: cluster.root.leaves[0]!.authorities.host.pem, servername: `${hexName('leaf')}.teleport.cluster.local` }),
      /UNKNOWN_CA/,
    ],
    [
      'leaf-wrong-ca',
      () => ({ cluster: 'leaf' }),
      /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET_ISSUER|SIGNATURE_FAILURE|certificate signature failure/i,
    ],
    ['tls-wrong-alpn-cluster', () => ({ cluster: 'nope.test' }), /ECONNRESET|disconnected/],
    ['tls-wrong-alpn-unknown', () => ({ alpn: ['teleport-nonsense'] }), /ECONNRESET|disconnected/],
    ['tls-wrong-alpn-h2', () => ({ alpn: ['h2'] }), /SELF_SIGNED|UNABLE_TO_VERIFY|DEPTH_ZERO/],
    ['tls-sni-proxyhost', () => ({ servername: 'localhost' }), /ALTNAME_INVALID/],
  ] as const)('%s', async (_name, options, error) => {
    const failure = await ping(options()).then(
      () => null,
      (reason: NodeJS.ErrnoException) => reason,
    );
    expect(`${failure?.code} ${failure?.message}`).toMatch(error);
  });

  it('tls-sni-generic works for the root', async () => {
    expect((await ping({ servername: 'teleport.cluster.local' })).status).toBe(0);
  });

  it('tls-foreign-cert: the certificate of another cluster', async () => {
    const foreign = { ...(await login(other, 'alice')), hostCa: alice.hostCa };
    await expect(ping({}, foreign)).rejects.toMatchObject({ code: expect.stringMatching(/UNKNOWN_CA/) });
  });

  it('tls-expired-client-cert, for auth and for the transport', async () => {
    const short = await login(cluster, 'alice', 60_000);
    ahead = 61_000;
    await expect(ping({}, short)).rejects.toMatchObject({ code: expect.stringMatching(/CERTIFICATE_EXPIRED/) });
    const dial = rpc(cluster, short, '/teleport.transport.v1.TransportService/GetClusterDetails', new Uint8Array(), { cluster: '' });
    await expect(dial).rejects.toMatchObject({ code: expect.stringMatching(/CERTIFICATE_EXPIRED/) });
  });

  it('no certificate: auth answers a ping, the transport refuses', async () => {
    expect((await ping({ anonymous: true })).status).toBe(0);
    const dial = rpc(cluster, alice, '/teleport.transport.v1.TransportService/GetClusterDetails', new Uint8Array(), { cluster: '', anonymous: true });
    await expect(dial).rejects.toMatchObject({ code: expect.stringMatching(/CERTIFICATE_REQUIRED/) });
  });
});

describe('connection upgrade (tls-connection-upgrade)', () => {
  async function pingInside(protocol: string): Promise<number> {
    const socket = new WebSocket(`wss://${cluster.address}/webapi/connectionupgrade`, protocol, { ca: cluster.webCaPem });
    await once(socket, 'open');
    expect(socket.protocol).toBe(protocol);
    const inner = tls.connect({
      socket: createWebSocketStream(socket),
      servername: `${hexName(cluster.name)}.teleport.cluster.local`,
      ca: alice.hostCa,
      cert: alice.tlsCert,
      key: alice.tlsKey,
      ALPNProtocols: [`teleport-auth@${hexName(cluster.name)}.teleport.cluster.local`, 'h2'],
    });
    await once(inner, 'secureConnect');
    return (await rpcOver(inner, '/proto.AuthService/Ping', new Uint8Array())).status;
  }

  it.each(['alpn', 'alpn-ping'])('%s carries auth', async (protocol) => {
    expect(await pingInside(protocol)).toBe(0);
  });

  it('the older flavour is gone from 18 on, and there on 17', async () => {
    const ask = (target: EmbeddedCluster) =>
      new Promise<string>((resolve, reject) => {
        const socket = tls.connect({ host: target.host, port: target.port, ca: target.webCaPem, ALPNProtocols: ['http/1.1'] }, () => {
          socket.write(
            `GET /webapi/connectionupgrade HTTP/1.1\r\nHost: ${target.address}\r\nConnection: Upgrade\r\nUpgrade: alpn\r\nX-Teleport-Upgrade: alpn\r\n\r\n`,
          );
        });
        socket.on('error', reject);
        socket.on('data', (data) => {
          socket.destroy();
          resolve(data.toString());
        });
      });
    const { cases } = readVector<{ cases: Record<string, { body?: string }> }>('tls-connection-upgrade');
    const refused = await ask(cluster);
    expect(refused).toMatch(/^HTTP\/1\.1 404 /);
    expect(refused.slice(refused.indexOf('\r\n\r\n') + 4)).toBe(cases['legacy alpn']!.body);
    const old = await startCluster({ serverVersion: '17.2.1', resources: 1, sshd: false, leaf: false });
    expect(await ask(old)).toMatch(/^HTTP\/1\.1 101 /);
    await old.close();
  });
});

it('without TLS routing auth is behind the SSH port, inside ProxyCluster', async () => {
  const apart = await startCluster({ tlsRouting: false, resources: 1, sshd: false });
  const session = await login(apart, 'alice');
  await expect(rpc(apart, session, '/proto.AuthService/Ping', new Uint8Array())).rejects.toThrow();
  const port = Number(apart.sshAddress!.split(':')[1]);
  const details = await rpc(apart, session, '/teleport.transport.v1.TransportService/GetClusterDetails', new Uint8Array(), { cluster: '', port });
  expect([details.status, details.messages[0]?.toString('hex')]).toEqual([0, '0a00']);
  const socket = connectTls(apart, session, { cluster: '', port });
  socket.destroy();
  await apart.close();
});
