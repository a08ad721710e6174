import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { have } from '../../support/have.ts';
import { issueHostCertificate } from '../pki/x509.ts';
import type { ClusterState } from '../state/cluster-state.ts';
import { Daemon, freePort, run } from './process.ts';

const home = '/usr/lib/postgresql';
const schema = `
create role reader login; create role writer login; create role alice login;
create database shop owner writer;
\\c shop
create table orders (id serial primary key, item text not null);
insert into orders (item) values ('rope'), ('tar'), ('sailcloth');
grant all on schema public to public; grant all on all tables in schema public to public; grant all on all sequences in schema public to public;
`;

/** Folder of PostgreSQL's own programs; null where it is not installed. */
export function postgresPrograms(): string | null {
  if (have('initdb') && have('postgres')) return join(have('postgres')!, '..');
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(home, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  return found ?? null;
}

/** A PostgreSQL that accepts only clients with a certificate of the cluster's database client CA, as the user that it names. */
export class PostgresServer {
  readonly port: number;
  readonly #daemon: Daemon;

  private constructor(port: number, daemon: Daemon) {
    this.port = port;
    this.#daemon = daemon;
  }

  static async start(cluster: ClusterState, folder: string): Promise<PostgresServer> {
    const bin = postgresPrograms();
    if (!bin) throw new Error('PostgreSQL is not installed');
    const as = process.getuid?.() === 0 ? await idOf('postgres') : {};
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const data = join(folder, 'data');
    const file = async (name: string, text: string) => {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      if (as.uid !== undefined) await chown(join(folder, name), as.uid, as.gid!);
    };
    if (as.uid !== undefined) await chown(folder, as.uid, as.gid!);
    const [db, dbClient] = await Promise.all([cluster.authorities.db(), cluster.authorities.dbClient()]);
    const server = await issueHostCertificate(db, { uuid: 'postgres', cluster: cluster.name, role: 'Db', names: ['localhost', '127.0.0.1'] });
    await Promise.all([file('server.crt', server.cert), file('server.key', server.key), file('clients.pem', dbClient.pem)]);
    const superuser = as.uid === undefined ? userInfo().username : 'postgres';
    await run(join(bin, 'initdb'), ['-D', data, '-U', superuser, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], { ...as, cwd: folder });
    const port = await freePort();
    await file('pg_hba.conf', 'local all all trust\nhostssl all all 127.0.0.1/32 cert\n');
    const settings: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      port: `${port}`,
      unix_socket_directories: folder,
      hba_file: join(folder, 'pg_hba.conf'),
      ssl: 'on',
      ssl_cert_file: join(folder, 'server.crt'),
      ssl_key_file: join(folder, 'server.key'),
      ssl_ca_file: join(folder, 'clients.pem'),
      fsync: 'off',
      max_connections: '300',
      shared_buffers: '64MB',
    };
    const daemon = new Daemon(
      join(bin, 'postgres'),
      ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      { ...as, cwd: folder },
    );
    await daemon.listening(port);
    await run('psql', ['-h', folder, '-p', `${port}`, '-U', superuser, '-d', 'postgres', '-v', 'ON_ERROR_STOP=1', '-q'], { input: schema });
    return new PostgresServer(port, daemon);
  }

  close(): Promise<void> {
    return this.#daemon.stop('SIGINT');
  }
}

export async function idOf(user: string): Promise<{ uid?: number; gid?: number }> {
  const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
  return { uid: Number(uid), gid: Number(gid) };
}
