import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Duplex, PassThrough } from 'node:stream';
import type { DiagnosticStep } from './diagnostics.ts';

const newKey = () => generateKeyPairSync('ed25519').privateKey;

/** A login with certificates over a pipe in memory: what Slipway adds to the SSH library is there and works in this runtime. */
export const sshStep: DiagnosticStep = {
  name: 'SSH login with certificates',
  run: async () => {
    const [{ connectSsh }, { createSshServer }, { signCertificate }, { publicKeyLine, signRaw, toSshPublicKey }] = await Promise.all([
      import('../../ssh/index.ts'),
      import('../../ssh/server.ts'),
      import('../../ssh/certificate.ts'),
      import('../../ssh/public-key.ts'),
    ]);
    const [authority, host, user] = [newKey(), newKey(), newKey()];
    const certify = (key: KeyObject, kind: 'user' | 'host', name: string) =>
      signCertificate({ publicKey: toSshPublicKey(key), kind, principals: [name], validAfter: 0n }, authority);
    const started = performance.now();
    const server = createSshServer({
      hostKeys: [{ key: host, certificate: certify(host, 'host', 'self-test') }],
      userCas: () => [toSshPublicKey(authority)],
      authorize: (login) => login === 'tester',
      onSession: () => {},
    });
    const [up, down] = [new PassThrough(), new PassThrough()];
    const near = Duplex.from({ readable: down, writable: up });
    const far = Duplex.from({ readable: up, writable: down });
    try {
      server.accept(far);
      const connection = await connectSsh({
        sock: Object.assign(near, { bytesRead: 0, bytesWritten: 0 }),
        login: 'tester',
        identity: { certificate: certify(user, 'user', 'tester'), sign: async (data, algorithm) => signRaw(user, data, algorithm) },
        hostCas: [publicKeyLine(toSshPublicKey(authority))],
        hostPrincipal: 'self-test',
        timeoutMs: 5000,
      });
      connection.close();
      return `Done in ${Math.round(performance.now() - started)} ms`;
    } finally {
      near.destroy();
      server.close();
    }
  },
};
