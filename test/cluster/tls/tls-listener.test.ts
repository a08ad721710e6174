import { generateKeyPairSync } from 'node:crypto';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyIdentity } from '../pki/identity.ts';
import { type CertificateAuthority, createAuthority, issueHostCertificate, issueUserCertificate } from '../pki/x509.ts';
import { AlpnRouter } from './alpn-router.ts';
import { TlsListener } from './tls-listener.ts';

const serverName = '6d61696e.teleport.cluster.local';
let router: AlpnRouter;
let port: number;
let hostCa: CertificateAuthority;
let userCa: CertificateAuthority;
let now = Date.now();

beforeAll(async () => {
  [hostCa, userCa] = await Promise.all([createAuthority('main'), createAuthority('main')]);
  const identity = await issueHostCertificate(hostCa, { uuid: 'u', cluster: 'main', role: 'Proxy', names: ['*.teleport.cluster.local'] });
  const listener = new TlsListener({
    identity,
    protocols: ['h2'],
    client: { ca: userCa.pem, required: true, serverName },
    now: () => now,
    onConnection: (socket, peer) => socket.end(`hello ${peer?.identity.user}`),
  });
  router = new AlpnRouter((hello) => (hello.protocols.includes('h2') ? (stream) => listener.accept(stream) : null));
  port = await router.listen('127.0.0.1', 0);
});

afterAll(() => router.close());

async function connect(ca: CertificateAuthority | null, name = serverName, protocols = ['h2']): Promise<string> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const client = ca && {
    cert: await issueUserCertificate(
      ca,
      { ...emptyIdentity, user: 'alice' },
      key.publicKey.export({ type: 'spki', format: 'pem' }) as string,
      new Date(Date.now() + 60_000),
      new Date(),
    ),
    key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
  return new Promise((resolve) => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: name, ca: hostCa.pem, ALPNProtocols: protocols, ...client });
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('close', () => resolve(text));
  });
}

it('lets a user of the user CA in', async () => {
  expect(await connect(userCa)).toBe('hello alice');
});

it('refuses with the alerts of a real server', async () => {
  expect(await connect(hostCa)).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
  expect(await connect(userCa, '6e6f70652e74657374.teleport.cluster.local')).toBe('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
  expect(await connect(null)).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  now += 3600_000;
  expect(await connect(userCa)).toMatch(/ALERT_CERTIFICATE_EXPIRED/);
  now -= 3600_000;
});

it('closes without an alert where nobody handles the protocol', async () => {
  expect(await connect(userCa, serverName, ['teleport-nonsense'])).toBe('ECONNRESET');
});
