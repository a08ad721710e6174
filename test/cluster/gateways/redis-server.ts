import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { have } from '../../support/have.ts';
import { issueHostCertificate } from '../pki/x509.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { Daemon, freePort } from './process.ts';

/** A Redis that accepts only clients with a certificate of the cluster's database client CA. */
export class RedisServer {
  readonly port: number;
  readonly #daemon: Daemon;

  private constructor(port: number, daemon: Daemon) {
    this.port = port;
    this.#daemon = daemon;
  }

  static async start(cluster: ClusterState, folder: string): Promise<RedisServer> {
    const program = have('redis-server');
    if (!program) throw new Error('Redis is not installed');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const [db, dbClient] = await Promise.all([cluster.authorities.db(), cluster.authorities.dbClient()]);
    const server = await issueHostCertificate(db, { uuid: 'redis', cluster: cluster.name, role: 'Db', names: ['localhost', '127.0.0.1'] });
    const file = (name: string, text: string) => writeFile(join(folder, name), text, { mode: 0o600 });
    await Promise.all([file('server.crt', server.cert), file('server.key', server.key), file('clients.pem', dbClient.pem)]);
    const port = await freePort();
    const options = {
      port: '0',
      'tls-port': `${port}`,
      bind: '127.0.0.1',
      dir: folder,
      save: '',
      appendonly: 'no',
      'tls-cert-file': 'server.crt',
      'tls-key-file': 'server.key',
      'tls-ca-cert-file': 'clients.pem',
      'tls-auth-clients': 'yes',
    };
    const daemon = new Daemon(
      program,
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]),
      { cwd: folder },
    );
    await daemon.listening(port);
    return new RedisServer(port, daemon);
  }

  close(): Promise<void> {
    return this.#daemon.stop('SIGTERM');
  }
}
