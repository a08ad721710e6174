import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ConnectionRow } from '../../../shared/model/gateway.ts';

export type FindProgram = (name: string) => string | null;

/** Looks for programs on the PATH of `env`. */
export function findOnPath(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): FindProgram {
  const extensions = platform === 'win32' ? (env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';') : [''];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return (name) => {
    for (const folder of folders) {
      for (const extension of extensions) {
        const file = join(folder, `${name}${extension}`);
        try {
          accessSync(file, constants.X_OK);
          return file;
        } catch {
          // The program is not in this folder; try the next one.
        }
      }
    }
    return null;
  };
}

type Opened = Pick<ConnectionRow, 'url' | 'target' | 'database' | 'protocol' | 'port' | 'env'>;

interface WindowProgram {
  readonly id: string;
  readonly name: string;
  /** Names on the PATH, and the app's name on a Mac. */
  readonly programs: readonly string[];
  readonly mac: string;
  fits(protocol: string): boolean;
  args(row: Opened): string[];
}

const byUrl = (row: Opened) => [row.url];
const sql = new Set(['postgres', 'cockroachdb', 'mysql', 'sqlserver']);
const dbeaverDrivers: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  cockroachdb: 'postgresql',
  mysql: 'mariadb',
  sqlserver: 'sqlserver',
  mongodb: 'mongodb',
  clickhouse: 'clickhouse',
  cassandra: 'cassandra',
};

const known: readonly WindowProgram[] = [
  {
    id: 'dbeaver',
    name: 'DBeaver',
    programs: ['dbeaver', 'dbeaver-ce'],
    mac: 'DBeaver',
    fits: (protocol) => Object.hasOwn(dbeaverDrivers, protocol),
    args: ({ target, protocol, port, database }) => {
      const user = target.kind === 'database' ? target.user : '';
      const fields = {
        driver: dbeaverDrivers[protocol],
        host: '127.0.0.1',
        port,
        user,
        database,
        name: `Slipway ${target.kind === 'database' ? target.name : ''}`,
        openConsole: 'true',
        save: 'false',
      };
      const list = Object.entries(fields).filter(([, value]) => value);
      return ['-con', list.map(([key, value]) => `${key}=${String(value).replaceAll('|', ' ')}`).join('|')];
    },
  },
  {
    id: 'tableplus',
    name: 'TablePlus',
    programs: ['tableplus'],
    mac: 'TablePlus',
    fits: (protocol) => sql.has(protocol) || protocol === 'redis',
    args: byUrl,
  },
  {
    id: 'beekeeper',
    name: 'Beekeeper Studio',
    programs: ['beekeeper-studio'],
    mac: 'Beekeeper Studio',
    fits: (protocol) => sql.has(protocol),
    args: byUrl,
  },
  {
    id: 'compass',
    name: 'MongoDB Compass',
    programs: ['mongodb-compass'],
    mac: 'MongoDB Compass',
    fits: (protocol) => protocol === 'mongodb',
    args: byUrl,
  },
  {
    id: 'lens',
    name: 'Lens',
    programs: ['lens-desktop', 'lens', 'freelens', 'open-lens'],
    mac: 'Lens',
    fits: (protocol) => protocol === 'kube',
    args: () => [],
  },
];

/** Programs with windows on this computer that can be opened on a connection of this protocol. */
export function windowPrograms(protocol: string, find: FindProgram, platform: NodeJS.Platform = process.platform): { id: string; name: string }[] {
  return known.filter((program) => program.fits(protocol) && locate(program, find, platform)).map(({ id, name }) => ({ id, name }));
}

/** Starts one of them, independent of Slipway. */
export function openIn(id: string, row: Opened, env: NodeJS.ProcessEnv, find: FindProgram, platform: NodeJS.Platform = process.platform): void {
  const program = known.find((candidate) => candidate.id === id && candidate.fits(row.protocol));
  const [command, ...args] = (program && locate(program, find, platform)) ?? [];
  if (!program || command === undefined) throw new AppError('not-found', 'This program is not on this computer any more.');
  const child = spawn(command, [...args, ...program.args(row)], { detached: true, stdio: 'ignore', env: { ...env, ...row.env } });
  child.once('error', () => {});
  child.unref();
}

function locate({ programs, mac }: WindowProgram, find: FindProgram, platform: NodeJS.Platform): string[] | null {
  if (platform === 'darwin' && existsSync(`/Applications/${mac}.app`)) return ['/usr/bin/open', '-a', mac, '--args'];
  for (const name of programs) {
    const file = find(name);
    if (file) return [file];
  }
  return null;
}
