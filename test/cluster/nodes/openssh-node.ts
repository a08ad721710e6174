import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { certificateLine } from '../../../electron/ssh/certificate.ts';
import { freePort } from '../../support/free-port.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { SshAuthority } from '../pki/authorities.ts';
import { issueHostSshCertificate, nodePrincipals } from '../pki/openssh.ts';
import type { ClusterState } from '../state/cluster-state.ts';

export interface OpenSshNodeOptions {
  readonly sshd: string;
  readonly cluster: ClusterState;
  /** The authority whose user certificates it accepts. */
  readonly userCa: SshAuthority;
  readonly uuid: string;
  readonly hostname: string;
  /** Folder for its configuration and keys. */
  readonly folder: string;
}

/** A real `sshd` set up as an agentless node (ssh-and-gateways §10.2): it trusts the user CA and shows a certificate of the host CA. */
export class OpenSshNode {
  readonly address: { host: string; port: number };
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.address = { host: '127.0.0.1', port };
    this.#process = process;
  }

  static async start(options: OpenSshNodeOptions): Promise<OpenSshNode> {
    const port = await freePort();
    const config = await writeConfiguration(options, port);
    const child = spawn(options.sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr.on('data', (data: Buffer) => {
      log = (log + data).slice(-4096);
    });
    await waitUntil(() => {
      if (child.exitCode !== null) throw new Error(`sshd ended: ${log}`);
      return reachable(port);
    }, 'sshd to listen');
    return new OpenSshNode(port, child);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.kill('SIGTERM');
    await once(this.#process, 'exit');
  }
}

async function writeConfiguration({ cluster, userCa, uuid, hostname, folder }: OpenSshNodeOptions, port: number): Promise<string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certificate = issueHostSshCertificate(cluster.authorities.hostSsh, privateKey, {
    cluster: cluster.name,
    role: 'Node',
    principals: nodePrincipals(uuid, hostname, cluster.name),
  });
  const file = (name: string) => join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Where root's sshd keeps its empty folder for privilege separation; containers often lack it.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 });
  await Promise.all([
    writeFile(file('host_key'), privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 }),
    writeFile(file('host_key-cert.pub'), `${certificateLine(certificate)}\n`),
    writeFile(file('user_ca.pub'), userCa.line),
  ]);
  await writeFile(
    file('sshd_config'),
    [
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey "${file('host_key')}"`,
      `HostCertificate "${file('host_key-cert.pub')}"`,
      `TrustedUserCAKeys "${file('user_ca.pub')}"`,
      'AuthorizedKeysFile none',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'UsePAM no',
      'PidFile none',
      'AcceptEnv TELEPORT_* LANG LC_*',
      'Subsystem sftp internal-sftp',
      'PrintMotd no',
      'PrintLastLog no',
      'LogLevel ERROR',
      '',
    ].join('\n'),
  );
  return file('sshd_config');
}

function reachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
