import { generateKeyPairSync } from 'node:crypto';
import { Duplex } from 'node:stream';
import { AppError } from '../../shared/errors/app-error.ts';
import { certificateLine, signCertificate } from './certificate.ts';
import { type Transport, connectSsh, sshIdentity } from './client.ts';
import { ciphers } from './hooks/constants.ts';
import { publicKeyLine, toSshPublicKey } from './public-key.ts';
import { createSshServer } from './server.ts';
import { finishChannel } from './server-session.ts';

export interface SelfTestStep {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Whether SSH with certificates works in this runtime: ciphers, and one login in memory. For the diagnostics page. Never throws. */
export async function testSsh(): Promise<SelfTestStep[]> {
  const hasGcm = ciphers.some((name) => name.includes('gcm'));
  const steps: SelfTestStep[] = [{ name: 'SSH ciphers', ok: hasGcm, detail: ciphers.join(', ') }];
  const started = performance.now();
  try {
    await loginInMemory();
    steps.push({ name: 'SSH login with certificates', ok: true, detail: `${Math.round(performance.now() - started)} ms` });
  } catch (caught) {
    steps.push({ name: 'SSH login with certificates', ok: false, detail: AppError.from(caught).message });
  }
  return steps;
}

async function loginInMemory(): Promise<void> {
  const [ca, host, user] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ec', { namedCurve: 'P-256' }), generateKeyPairSync('ed25519')];
  const certify = (kind: 'host' | 'user', key: typeof ca, name: string) =>
    signCertificate({ publicKey: toSshPublicKey(key.publicKey), kind, principals: [name], validAfter: 0n }, ca.privateKey);
  const authority = toSshPublicKey(ca.publicKey);
  const server = createSshServer({
    hostKeys: [{ key: host.privateKey, certificate: certify('host', host, 'host') }],
    userCas: () => [authority],
    authorize: () => true,
    onSession: (session) => session.onStart((_request, answer) => finishChannel(answer.accept(), 0)),
  });
  const [near, far] = pipe();
  try {
    server.accept(far);
    const identity = sshIdentity(certificateLine(certify('user', user, 'user')), user.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    const connection = await connectSsh({ sock: counted(near), login: 'user', identity, hostCas: [publicKeyLine(authority)], hostPrincipal: 'host', timeout: 5000 });
    const session = await connection.exec('test');
    const code = await new Promise((resolve) => session.onEnd((end) => resolve(end.code)));
    connection.close();
    if (code !== 0) throw new AppError('internal', 'The login worked, but the program did not run.');
  } finally {
    near.destroy();
    server.close();
  }
}

const counted = (stream: Duplex): Transport => Object.assign(stream, { bytesRead: 0, bytesWritten: 0 });

/** Two ends of a pipe in memory. Bytes arrive in a later turn, as from a network: ssh2 is not made for answers within a write. */
function pipe(): [Duplex, Duplex] {
  const end = (other: () => Duplex) =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        setImmediate(() => {
          other().push(chunk);
          done();
        });
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const near: Duplex = end(() => far);
  const far: Duplex = end(() => near);
  return [near, far];
}
