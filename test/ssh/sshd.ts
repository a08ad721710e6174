import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { type CertificateFields, certificateLine, type SshCertificate, signCertificate } from '../../electron/ssh/certificate.ts';
import { type SshIdentity, sshIdentity } from '../../electron/ssh/client.ts';
import { parsePublicKeyLine, publicKeyLine, toSshPublicKey } from '../../electron/ssh/public-key.ts';

const sshdPath = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find(existsSync);
export const hasSshd = sshdPath !== undefined;
export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';
const seconds = () => BigInt(Math.floor(Date.now() / 1000));

const newKey = {
  ed25519: () => generateKeyPairSync('ed25519'),
  ecdsa: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

/** A real OpenSSH server on a free port of 127.0.0.1, with authorities of its own. */
export interface Sshd {
  readonly port: number;
  readonly login: string;
  readonly hostCa: KeyObject;
  readonly hostCas: string[];
  identity(type?: KeyType, changes?: Partial<CertificateFields>, authority?: KeyObject): SshIdentity;
  /** A certificate and the key to it, as PEM. */
  credentials(type?: KeyType, changes?: Partial<CertificateFields>, authority?: KeyObject): { certificate: SshCertificate; privateKey: string };
  connect(): Promise<Socket>;
  stop(): Promise<void>;
}

export interface SshdOptions {
  hostKey?: KeyType;
  hostCa?: KeyObject;
  /** Null: no certificate at all. */
  certificate?: Partial<CertificateFields> | null;
  lines?: string[];
  /** The program of the `sftp` subsystem. */
  sftp?: string;
  /** Another user of this system to log in as; only root's sshd can. */
  login?: string;
}

export async function startSshd({
  hostKey = 'ed25519',
  hostCa = generateKeyPairSync('ed25519').privateKey,
  certificate = {},
  lines = [],
  sftp = 'internal-sftp',
  login = userInfo().username,
}: SshdOptions = {}): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sshd-'));
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const userCa = generateKeyPairSync('ed25519').privateKey;
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const keygen = (name: string, type: string) => {
    spawnSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', join(folder, name)]);
    return join(folder, name);
  };
  const hostKeyFile = keygen('host', hostKey);
  const publicKey = parsePublicKeyLine(readFileSync(`${hostKeyFile}.pub`, 'utf8'));
  const hostCertificate =
    certificate &&
    signCertificate(
      { publicKey, kind: 'host', principals: ['node'], validAfter: seconds() - 60n, validBefore: seconds() + 3600n, ...certificate },
      hostCa,
    );
  const port = await freePort();
  const config = file(
    'config',
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${hostKeyFile}`,
      ...(hostCertificate ? [`HostCertificate ${file('host-cert.pub', certificateLine(hostCertificate))}`] : []),
      `TrustedUserCAKeys ${file('user-ca.pub', publicKeyLine(toSshPublicKey(userCa)))}`,
      `PidFile ${join(folder, 'pid')}`,
      ...['AuthorizedKeysFile none', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'UsePAM no'],
      ...['AcceptEnv SLIPWAY_*', `Subsystem sftp ${sftp}`, 'PrintMotd no', 'PrintLastLog no', ...lines],
    ].join('\n'),
  );
  const child: ChildProcess = spawn(sshdPath!, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let log = '';
    child.stderr!.on('data', (bytes) => {
      log += bytes;
      if (log.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd did not start: ${log}`)));
  });
  child.stderr!.resume();
  const credentials = (type: KeyType = 'ed25519', changes: Partial<CertificateFields> = {}, authority = userCa) => {
    const pair = newKey[type]();
    const fields = {
      kind: 'user' as const,
      keyId: 'tester',
      principals: [login, '-teleport-internal-join'],
      validAfter: seconds() - 60n,
      validBefore: seconds() + 3600n,
    };
    const extensions = { 'permit-pty': '', 'permit-port-forwarding': '', 'teleport-roles': '{"roles":["access"]}' };
    const minted = signCertificate({ publicKey: toSshPublicKey(pair.publicKey), ...fields, extensions, ...changes }, authority);
    return { certificate: minted, privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string };
  };
  return {
    port,
    login,
    hostCa,
    hostCas: [publicKeyLine(toSshPublicKey(hostCa))],
    credentials,
    identity(...wanted) {
      const { certificate: minted, privateKey } = credentials(...wanted);
      return sshIdentity(certificateLine(minted), privateKey);
    },
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
        socket.once('error', reject);
      }),
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill()) await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
