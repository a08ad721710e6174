import { have } from '../support/have.ts';
import { echo, openOurs, openPeer } from './driven-shell.ts';
import { type Benchmark, needs, pause, quantile, type Row } from './row.ts';
import { startBench } from './setup.ts';

const samples = 400;

/** From the call that carries a key to the echo of the server's terminal. */
export const keyPress: Benchmark = {
  name: 'key press',
  async run() {
    needs(have('sshd'), 'sshd');
    needs(have('ssh'), 'ssh');
    const bench = await startBench();
    try {
      const shells = [
        ['peer', await openPeer(await bench.openSsh('demo-openssh'))],
        ['ours', await openOurs(bench, 'demo-openssh')],
      ] as const;
      for (const [, shell] of shells) shell.write('stty echo; exec cat > /dev/null\n');
      await pause(500);
      const times = { ours: [] as number[], peer: [] as number[] };
      for (let nth = -50; nth < samples; nth++) {
        for (const [name, shell] of shells) {
          const milliseconds = await echo(shell, nth % 60 === 0 ? '\n' : 'x');
          if (nth >= 0) times[name].push(milliseconds);
          await pause(10);
        }
      }
      for (const [, shell] of shells) shell.close();
      return [row(times)];
    } finally {
      await bench.close();
    }
  },
};

function row(times: { ours: number[]; peer: number[] }): Row {
  const figure = (values: number[]) => `${quantile(values, 0.95).toFixed(1)} ms (p50 ${quantile(values, 0.5).toFixed(1)})`;
  const more = quantile(times.ours, 0.95) - quantile(times.peer, 0.95);
  return {
    name: 'key press to echo, p95',
    ours: figure(times.ours),
    peer: `${figure(times.peer)} (ssh)`,
    ratio: null,
    bar: '≤ +3 ms',
    pass: more <= 3,
  };
}
