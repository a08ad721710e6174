import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshPrivateKeyPem, sshPublicLine } from '../profiles/openssh-key.ts';
import type { ClusterCas, Login } from '../profiles/write-login.ts';

export interface MintOptions {
  address?: string;
  user?: string;
  cluster?: string;
  leaves?: string[];
  suite?: 'balanced' | 'legacy' | 'fips';
  days?: number;
}

/** A login as a cluster would issue it, for tests of what stores and reads it. OpenSSL and ssh-keygen sign, and must be installed. */
export function mintLogin(options: MintOptions = {}): Login {
  const { address = 'proxy.example.com:443', user = 'alice', cluster = 'root.test', leaves = [], suite = 'balanced', days = 1 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'slipway-mint-'));
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const ca = newCa(run, folder, cluster);
    const tls = suite === 'legacy' ? rsa() : ec();
    const ssh = suite === 'legacy' ? tls : suite === 'fips' ? ec() : generateKeyPairSync('ed25519').privateKey;
    writeFileSync(join(folder, 'tls.key'), pem(tls));
    writeFileSync(join(folder, 'ssh.pub'), sshPublicLine(ssh));
    run('openssl', 'req', '-new', '-key', 'tls.key', '-subj', `/L=root/O=dev/CN=${user}`, '-out', 'user.csr');
    run(
      'openssl',
      'x509',
      '-req',
      '-in',
      'user.csr',
      '-CA',
      ca.certPath,
      '-CAkey',
      ca.keyPath,
      '-CAcreateserial',
      '-days',
      String(days),
      '-out',
      'user.crt',
    );
    run('ssh-keygen', '-q', '-s', ca.sshKeyPath, '-I', user, '-n', 'root,-teleport-internal-join', '-V', '-1m:+1h', 'ssh.pub');
    return {
      profile: {
        web_proxy_addr: address,
        ssh_proxy_addr: address,
        kube_proxy_addr: address,
        user,
        cluster,
        tls_routing_enabled: true,
        auth_connector: 'local',
        mfa_mode: 'auto',
        private_key_policy: 'none',
        ssh_dial_timeout: '30s',
      },
      credentials: {
        tlsKey: pem(tls),
        tlsCert: readFileSync(join(folder, 'user.crt'), 'utf8').replace(/^[^-]+/, ''),
        sshKey: sshPrivateKeyPem(ssh),
        sshPub: sshPublicLine(ssh),
        sshCert: `${readFileSync(join(folder, 'ssh-cert.pub'), 'utf8').trim().split(' ').slice(0, 2).join(' ')}\n`,
      },
      cas: [ca.cas, ...leaves.map((leaf) => newCa(run, folder, leaf).cas)],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const pem = (key: KeyObject) => key.export({ type: key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'pkcs8', format: 'pem' }).toString();

function newCa(run: (command: string, ...args: string[]) => Buffer, folder: string, cluster: string) {
  const paths = { keyPath: `${cluster}.key`, certPath: `${cluster}.pem`, sshKeyPath: `${cluster}.ssh` };
  const key = ec();
  const ssh = generateKeyPairSync('ed25519').privateKey;
  writeFileSync(join(folder, paths.keyPath), pem(key));
  writeFileSync(join(folder, paths.sshKeyPath), sshPrivateKeyPem(ssh), { mode: 0o600 });
  run('openssl', 'req', '-x509', '-key', paths.keyPath, '-subj', `/O=${cluster}/CN=${cluster}`, '-days', '2', '-out', paths.certPath);
  const cas: ClusterCas = { cluster, certificates: [readFileSync(join(folder, paths.certPath), 'utf8')], keys: [sshPublicLine(ssh)] };
  return { ...paths, cas };
}
