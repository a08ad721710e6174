import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { SshDialer } from '../../electron/session-host/ssh-connections/ssh-dialer.ts';
import type { SshConnection } from '../../electron/ssh/index.ts';
import { have } from '../support/have.ts';
import type { OpenSsh } from './open-ssh.ts';
import { type Benchmark, median, needs, pause } from './row.ts';
import { type BenchSetup, startBench } from './setup.ts';

const exec = promisify(execFile);
const rounds = 15;
const host = 'demo-openssh';

/** The command `true` on a server: over a connection that is open, and over a new one where the cluster is in use already. */
export const connecting: Benchmark = {
  name: 'connecting',
  async run() {
    needs(have('sshd'), 'sshd');
    needs(have('ssh'), 'ssh');
    const bench = await startBench();
    const dialer = new SshDialer();
    try {
      const openSsh = await bench.openSsh(host);
      const master = await startMaster(openSsh);
      const connection = await dial(bench, dialer);
      const open = await compare(
        () => exec('ssh', openSsh.ssh(...openSsh.control('client')).concat('true')),
        () => runTrue(connection),
      );
      const first = await compare(
        () => exec('ssh', [...openSsh.ssh(), 'true']),
        async () => {
          const fresh = await dial(bench, dialer);
          await runTrue(fresh);
          return fresh;
        },
      );
      connection.close();
      master.kill();
      const ratio = first.ours / first.peer;
      return [
        {
          name: '`true` on a server with an open connection',
          ours: ms(open.ours),
          peer: `${ms(open.peer)} (ssh, control master)`,
          ratio: null,
          bar: '≤ +20 ms',
          pass: open.ours <= open.peer + 20,
        },
        {
          name: 'first connection through a warm cluster',
          ours: ms(first.ours),
          peer: `${ms(first.peer)} (cold ssh)`,
          ratio,
          bar: '≤ 0.5 ×',
          pass: ratio <= 0.5,
        },
      ];
    } finally {
      dialer.close();
      await bench.close();
    }
  },
};

const ms = (milliseconds: number) => `${milliseconds.toFixed(0)} ms`;

async function dial(bench: BenchSetup, dialer: SshDialer): Promise<SshConnection> {
  return dialer.dial(await bench.ticket(host), { signal: new AbortController().signal, progress: () => {} });
}

async function runTrue(connection: SshConnection): Promise<void> {
  const channel = await connection.exec('true');
  const { code } = await new Promise<{ code: number | null }>((resolve) => channel.onEnd(resolve));
  if (code !== 0) throw new Error(`true ended with ${code}`);
}

/** Medians of taking turns; a new connection is closed outside the measured time. */
async function compare(peer: () => Promise<unknown>, ours: () => Promise<unknown>): Promise<{ ours: number; peer: number }> {
  const times = { ours: [] as number[], peer: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, action] of [
      ['peer', peer],
      ['ours', ours],
    ] as const) {
      const started = performance.now();
      const result = await action();
      if (round > 0) times[name].push(performance.now() - started);
      if (name === 'ours') (result as SshConnection | undefined)?.close();
      await pause(20);
    }
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}

async function startMaster(openSsh: OpenSsh): Promise<ChildProcess> {
  const master = spawn('ssh', openSsh.ssh('-N', ...openSsh.control('master')), { stdio: 'ignore' });
  for (;;) {
    const isUp = await exec('ssh', openSsh.ssh('-O', 'check', ...openSsh.control('client'))).then(
      () => true,
      () => false,
    );
    if (isUp) return master;
    if (master.exitCode !== null) throw new Error('the control master ended');
    await pause(50);
  }
}
