import { generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { type CertificateFields, certificateLine, parseCertificate, signCertificate } from '../../electron/ssh/certificate.ts';
import { type SshIdentity, sshIdentity } from '../../electron/ssh/client.ts';
import { publicKeyLine, toSshPublicKey } from '../../electron/ssh/public-key.ts';
import { createSshServer } from '../../electron/ssh/server.ts';
import type { Faults } from '../cluster/faults.ts';
import { SftpNode, type SftpNodeOptions } from '../cluster/nodes/sftp-node.ts';

/** What tests of file transfer need of a server; `Sshd` fits it too. */
export interface FileHost {
  readonly login: string;
  readonly hostCas: string[];
  identity(): SshIdentity;
  connect(): Promise<Socket>;
  stop(): Promise<void>;
}

/** A server whose only program is the embedded cluster's own SFTP, without a proxy before it. */
export async function startTeleportHost(
  options: Pick<SftpNodeOptions, 'home' | 'isPlain' | 'refuses' | 'realpath' | 'readlink'> & { ident?: string } = {},
): Promise<FileHost & { fault(sftp: Faults['sftp']): void }> {
  const login = userInfo().username;
  const [hostCa, userCa, hostKey, userKey] = [0, 1, 2, 3].map(() => generateKeyPairSync('ed25519').privateKey) as [never, never, never, never];
  const forever: Pick<CertificateFields, 'validAfter'> = { validAfter: 0n };
  const certificate = signCertificate({ publicKey: toSshPublicKey(hostKey), kind: 'host', principals: ['node'], ...forever }, hostCa);
  const user = signCertificate({ publicKey: toSshPublicKey(userKey), kind: 'user', principals: [login], ...forever }, userCa);
  let sftp: Faults['sftp'];
  const server = createSshServer({
    hostKeys: [{ key: hostKey, certificate: parseCertificate(certificate.blob) }],
    userCas: () => [toSshPublicKey(userCa)],
    ident: options.ident ?? 'Teleport',
    authorize: () => true,
    onSession: (session) =>
      session.onStart((request, answer) => {
        if (sftp === 'unknown') return answer.refuse('');
        if (request.kind !== 'subsystem' || sftp === 'refused') return answer.refuse('file copying via SCP or SFTP is not permitted\n');
        const channel = answer.accept();
        channel.on('error', () => channel.close());
        SftpNode.serve(channel, { ...options, faults: () => sftp });
      }),
  });
  const listener = createServer({ noDelay: true }, (socket) => server.accept(socket));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  return {
    login,
    hostCas: [publicKeyLine(toSshPublicKey(hostCa))],
    identity: () =>
      sshIdentity(
        certificateLine(user),
        (userKey as ReturnType<typeof generateKeyPairSync>['privateKey']).export({ type: 'pkcs8', format: 'pem' }) as string,
      ),
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
        socket.once('error', reject);
      }),
    fault: (next) => {
      sftp = next;
    },
    stop: async () => {
      server.close();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
