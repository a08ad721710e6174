import { chown, mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { have } from '../../support/have.ts';
import { issueHostCertificate } from '../pki/x509.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { idOf } from './postgres-server.ts';
import { Daemon, freePort, run } from './process.ts';

/** A MariaDB whose users must show a certificate of the cluster's database client CA with their own name. */
export class MysqlServer {
  readonly port: number;
  readonly #daemon: Daemon;

  private constructor(port: number, daemon: Daemon) {
    this.port = port;
    this.#daemon = daemon;
  }

  static isInstalled(): boolean {
    return have('mariadbd') !== null && have('mariadb-install-db') !== null && have('mariadb') !== null;
  }

  static async start(cluster: ClusterState, folder: string): Promise<MysqlServer> {
    const as = process.getuid?.() === 0 ? await idOf('mysql') : {};
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = async (path: string) => (as.uid === undefined ? undefined : chown(path, as.uid, as.gid!));
    await own(folder);
    const [db, dbClient] = await Promise.all([cluster.authorities.db(), cluster.authorities.dbClient()]);
    const server = await issueHostCertificate(db, { uuid: 'mysql', cluster: cluster.name, role: 'Db', names: ['localhost', '127.0.0.1'] });
    for (const [name, text] of Object.entries({ 'server.crt': server.cert, 'server.key': server.key, 'clients.pem': dbClient.pem })) {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      await own(join(folder, name));
    }
    const data = join(folder, 'data');
    const user = as.uid === undefined ? userInfo().username : 'mysql';
    await run(
      'mariadb-install-db',
      ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db', `--user=${user}`],
      { cwd: folder },
    );
    const port = await freePort();
    const socket = join(folder, 'm.sock');
    const options = {
      datadir: data,
      port,
      socket,
      'bind-address': '127.0.0.1',
      user,
      'ssl-cert': join(folder, 'server.crt'),
      'ssl-key': join(folder, 'server.key'),
      'ssl-ca': join(folder, 'clients.pem'),
      'pid-file': join(folder, 'pid'),
    };
    const daemon = new Daemon(
      have('mariadbd')!,
      ['--no-defaults', '--skip-name-resolve', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
      { ...as, cwd: folder },
    );
    await daemon.listening(port);
    const grants = ['reader', 'writer'].map(
      (name) => `create user '${name}'@'127.0.0.1' require x509; grant all on shop.* to '${name}'@'127.0.0.1';`,
    );
    await run('mariadb', ['--no-defaults', '-u', 'root', '-S', socket], {
      input: `create database shop; create table shop.orders (id int primary key, item text); insert into shop.orders values (1, 'rope'); ${grants.join(' ')}`,
    });
    return new MysqlServer(port, daemon);
  }

  close(): Promise<void> {
    return this.#daemon.stop('SIGTERM');
  }
}
