import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from '../../../shared/ipc/client.ts';
import { portPair } from '../../../shared/ipc/port-pair.ts';
import { serve } from '../../../shared/ipc/server.ts';
import { GatewayWorld } from '../../../test/support/gateway-world.ts';
import { have } from '../../../test/support/have.ts';
import { ticketContract } from '../../host-contract/ticket.ts';
import { SshDialer } from '../../session-host/ssh-connections/ssh-dialer.ts';
import { startSshRelay } from '../../session-host/ssh-relay.ts';
import { noBackground } from '../../testing/background.ts';
import { AppControl } from './app-control.ts';

const run = promisify(execFile);

describe.skipIf(!have('ssh'))('a server whose name has capital letters, reached by OpenSSH (skipped when ssh is not installed)', () => {
  const home = mkdtempSync(join(tmpdir(), 'slipway-control-'));
  const cli = join(home, 'cli.mjs');
  const config = join(home, 'ssh_config');
  let world: GatewayWorld;
  let control: AppControl;
  let relay: ReturnType<typeof startSshRelay>;
  let suffix: string;
  const dialled: string[] = [];

  beforeAll(async () => {
    await build({ entryPoints: ['electron/cli.ts'], bundle: true, platform: 'node', format: 'esm', outfile: cli, logLevel: 'error' });
    world = await GatewayWorld.start({ serverName: 'Demo-Server', gateways: false });
    suffix = world.cluster.name;
    const { service } = world.main;
    const [near, far] = portPair();
    const calls = {
      ...service.tickets,
      'ticket.ssh': (...given: Parameters<(typeof service.tickets)['ticket.ssh']>) => {
        dialled.push(given[0].node);
        return service.tickets['ticket.ssh'](...given);
      },
      'session.opened': () => null,
      'background.report': () => null,
      'transfer.started': () => null,
    };
    serve(ticketContract, far, { calls, streams: {}, topics: service.ticketTopics }, { refused: console.error, failed: console.error });
    const dialer = new SshDialer();
    relay = startSshRelay(home, { tickets: new Client(ticketContract, near), dialer: async () => dialer, background: noBackground });
    control = new AppControl({ home, clusters: service, commands: { send: () => {} }, command: [process.execPath, cli] });
    await control.start();
    const { stdout } = await run(process.execPath, [cli, 'ssh-config', `--home=${home}`]);
    writeFileSync(config, `Host pet\n  HostName demo-server.${suffix}\n${stdout}`, { mode: 0o600 });
  }, 60_000);
  afterAll(async () => {
    await control.close();
    await relay.close();
    await world.close();
    rmSync(home, { recursive: true, force: true });
  });

  const uuid = () => world.cluster.nodes[0]!.uuid;

  test.each(['Demo-Server', 'demo-server', 'pet'])(
    'ssh %s, with the exported block',
    async (name) => {
      const host = name === 'pet' ? name : `${name}.${suffix}`;
      const { stdout } = await run('ssh', ['-F', config, '-o', 'BatchMode=yes', `root@${host}`, 'echo $((40+2))'], { timeout: 50_000 });
      expect(stdout).toBe('42\n');
      expect(dialled.at(-1)).toBe(uuid());
    },
    60_000,
  );

  test.each(['Demo-Server', 'dEMO-sERVER', () => uuid()])(
    'slipway ssh %s',
    async (given) => {
      const name = typeof given === 'string' ? given : given();
      const { stdout } = await run(process.execPath, [cli, 'ssh', `--home=${home}`, `root@${name}`, 'echo', '$((40+2))'], { timeout: 50_000 });
      expect(stdout).toBe('42\n');
    },
    60_000,
  );

  test('a name that several servers have is not guessed, and one that none has is said to be none', async () => {
    const none = run(process.execPath, [cli, 'proxy', 'ssh', `--home=${home}`, 'root@nowhere:3022'], { timeout: 50_000 });
    await expect(none).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('nowhere') });
  }, 60_000);
});
