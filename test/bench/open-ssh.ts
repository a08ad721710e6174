import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SshTicket } from '../../electron/host-contract/ticket.ts';
import { repository } from './machine.ts';

/** OpenSSH's programs on the credentials of a ticket, through a ProxyCommand that only relays bytes over ProxySSH. */
export class OpenSsh {
  readonly #config: string;
  readonly #controlPath: string;

  constructor(folder: string, ticket: SshTicket, rootCluster: string) {
    const file = (name: string, text: string) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    const relay = [
      process.execPath,
      join(repository, 'out/test/relay.js'),
      `${ticket.proxy.host}:${ticket.proxy.port}`,
      rootCluster,
      file('tls-cert.pem', ticket.tls.cert),
      file('tls-key.pem', ticket.tls.key),
      file('ca.pem', ticket.tls.ca.join('\n')),
      ticket.dial.hostPort,
      ticket.dial.cluster,
    ];
    const hosts = file('known_hosts', ticket.hostCas.map((ca) => `@cert-authority * ${ca.trim()}\n`).join(''));
    this.#controlPath = join(folder, 'control');
    this.#config = file(
      'config',
      `Host peer
  HostName ${ticket.hostPrincipal}
  User ${ticket.login}
  ProxyCommand ${relay.map((word) => `'${word}'`).join(' ')}
  IdentityFile "${file('key', ticket.privateKey)}"
  CertificateFile "${file('key-cert.pub', `${ticket.certificate.trim()}\n`)}"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "${hosts}"
  GlobalKnownHostsFile none
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
`,
    );
  }

  /** Arguments after which a command may follow: `ssh`, `sftp` and `scp` take `-F`; the host is always called `peer`. */
  get arguments(): string[] {
    return ['-F', this.#config];
  }

  ssh(...options: string[]): string[] {
    return [...this.arguments, ...options, 'peer'];
  }

  /** Options of a connection that stays open, and of those that use it. */
  control(mode: 'master' | 'client'): string[] {
    return ['-o', `ControlPath=${this.#controlPath}`, '-o', `ControlMaster=${mode === 'master' ? 'yes' : 'no'}`];
  }
}
