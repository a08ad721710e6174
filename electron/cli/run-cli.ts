/*
 * The command line `slipway`. It holds no login and asks no cluster: `ask` and `askRelay` send one request to the running app over
 * a private socket in the data folder, and the app answers (electron/app/control). `slipway ssh` starts the system's OpenSSH with a
 * configuration whose ProxyCommand comes back here as `slipway proxy ssh`, which copies bytes between OpenSSH and the app.
 * Every request checks first that the socket belongs to this user (`control-path.ts`), since the request carries the names of
 * servers.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { ResourceKind } from '../../shared/model/resource.ts';
import { ask, askRelay } from './control-client.ts';
import { configAnswerSchema, listAnswerSchema, locateAnswerSchema } from './control-request.ts';

const usage = `Talks to the running Slipway.

  slipway ls [WORDS…] [--kind=server|db|kube|app|mcp] [--json]
                                    what there is
  slipway open USER@HOST            opens a terminal tab
  slipway open db NAME --user=USER  opens a connection and its tab; also kube NAME, app NAME
  slipway ssh USER@HOST [COMMAND…]  OpenSSH through Slipway, with your login's keys
  slipway proxy ssh USER@HOST:PORT  the bytes of an SSH connection, for OpenSSH's ProxyCommand
  slipway ssh-config                a block for ~/.ssh/config

  --cluster=NAME --proxy=HOST:PORT  which login; needed when there are several
  --home=FOLDER                     data folder of the app, if it is another one

Ends with 0; with 1 and a sentence when something failed; with 2 when it was not understood. slipway ssh ends as ssh does.
`;

const kinds: Record<string, ResourceKind[]> = { server: ['node'], db: ['db'], kube: ['kube_cluster'], app: ['app'], mcp: ['mcp'] };
const opens: Record<string, 'database' | 'kube' | 'app'> = { db: 'database', kube: 'kube', app: 'app' };

export interface CliWorld {
  /** Data folder of the app, unless `--home` names another. */
  home: string;
}

/** Runs one command line; resolves with the exit code. Errors are one sentence on standard error. */
export async function runCli(args: readonly string[], world: CliWorld): Promise<number> {
  try {
    return await run(args, world);
  } catch (caught) {
    const misused = caught instanceof TypeError && 'code' in caught && String(caught.code).startsWith('ERR_PARSE_ARGS');
    process.stderr.write(misused ? `${caught.message}\n\n${usage}` : `slipway: ${AppError.from(caught).message}\n`);
    return misused ? 2 : 1;
  }
}

async function run(args: readonly string[], world: CliWorld): Promise<number> {
  // What follows the host of `slipway ssh` belongs to the remote command, dashes and all.
  const at = args.indexOf('ssh');
  const isSsh = at >= 0 && args.slice(0, at).every((word) => word.startsWith('--'));
  const host = isSsh ? args.findIndex((word, index) => index > at && !word.startsWith('--')) : -1;
  const own = host < 0 ? args : args.slice(0, host + 1);
  const { values, positionals } = parseArgs({
    args: [...own],
    allowPositionals: true,
    options: {
      cluster: { type: 'string', default: '' },
      proxy: { type: 'string', default: '' },
      home: { type: 'string' },
      kind: { type: 'string', default: '' },
      user: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const home = values.home ?? world.home;
  const choice = { cluster: values.cluster, proxy: values.proxy };
  const [command, first = '', second = ''] = positionals;
  if (values.help || command === undefined || command === 'help') {
    process.stdout.write(usage);
    return values.help || command === 'help' ? 0 : 2;
  }
  switch (command) {
    case 'ls': {
      const wanted = kinds[values.kind] ?? [];
      if (values.kind !== '' && wanted.length === 0)
        throw new AppError('invalid-argument', `There is no kind ${values.kind}. There are ${Object.keys(kinds).join(', ')}.`);
      const { resources: rows, more } = await ask(
        home,
        { request: 'list', ...choice, kinds: wanted, search: positionals.slice(1).join(' ') },
        listAnswerSchema,
      );
      if (values.json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else for (const row of rows) process.stdout.write(`${[row.kind, row.name, row.address].map(plain).join('\t')}\n`);
      if (more) process.stderr.write('slipway: There are more. Add words of their names or labels, or --kind.\n');
      return 0;
    }
    case 'open': {
      const what = opens[first];
      const request = what && second ? ({ what, name: second } as const) : ({ what: 'ssh', name: first } as const);
      if (request.name === '') break;
      await ask(home, { request: 'open', ...choice, ...request, user: values.user }, z.null());
      return 0;
    }
    case 'ssh':
      if (first === '') break;
      return await runSsh(home, choice, first, args.slice(host + 1));
    case 'proxy': {
      if (first !== 'ssh' || second === '') break;
      const { target } = await ask(home, { request: 'locate', ...choice, destination: second }, locateAnswerSchema);
      const socket = await askRelay(home, { request: 'relay', target });
      await Promise.all([
        pipeline(process.stdin, socket),
        pipeline(socket, process.stdout, { end: false }).finally(() => process.stdin.destroy()),
      ]).catch(() => {}); // one end hung up, and OpenSSH reports that itself
      socket.destroy();
      return 0;
    }
    case 'ssh-config':
      process.stdout.write((await ask(home, { request: 'ssh-config', capitals: true }, configAnswerSchema)).text);
      return 0;
  }
  process.stderr.write(usage);
  return 2;
}

/** Names come from servers: no character of them may steer the terminal. */
const plain = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');

/** Runs OpenSSH with a temporary configuration, which is removed when OpenSSH ends. */
async function runSsh(home: string, choice: { cluster: string; proxy: string }, destination: string, command: readonly string[]): Promise<number> {
  const { target, host, alias } = await ask(home, { request: 'locate', ...choice, destination }, locateAnswerSchema);
  const { text } = await ask(home, { request: 'ssh-config', capitals: false }, configAnswerSchema);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-ssh-'));
  const config = join(folder, 'config');
  writeFileSync(config, text, { mode: 0o600 });
  try {
    const child = spawn('ssh', ['-F', config, ...(alias ? ['-o', `HostKeyAlias=${alias}`] : []), '-l', target.login, '--', host, ...command], {
      stdio: 'inherit',
    });
    return await new Promise((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new AppError('not-found', 'OpenSSH’s ssh could not be started. Install it (Debian: openssh-client).', { cause })),
      );
      child.once('exit', (code) => resolve(code ?? 255));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
