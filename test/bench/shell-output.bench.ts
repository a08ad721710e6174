import { join } from 'node:path';
import { have } from '../support/have.ts';
import { openOurs, openPeer, run } from './driven-shell.ts';
import { type Benchmark, median, needs } from './row.ts';
import { writeSample } from './sample-output.ts';
import { startBench } from './setup.ts';

const rounds = 5;

/** Output of a shell with a terminal into a reader that throws it away. */
export const shellOutput: Benchmark = {
  name: 'shell output',
  async run() {
    needs(have('sshd'), 'sshd');
    needs(have('ssh'), 'ssh');
    const bench = await startBench();
    try {
      const command = writeSample(join(bench.home, 'sample'), 200);
      const [ours, peer] = await Promise.all([openOurs(bench, 'demo-openssh'), openPeer(await bench.openSsh('demo-openssh'))]);
      const speeds = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round <= rounds; round++) {
        for (const [name, shell] of [
          ['peer', peer],
          ['ours', ours],
        ] as const) {
          const { bytes, milliseconds } = await run(shell, command);
          if (bytes < 200e6) throw new Error(`only ${bytes} bytes came`);
          if (round > 0) speeds[name].push(bytes / milliseconds / 1000);
        }
      }
      ours.close();
      peer.close();
      const ratio = median(speeds.ours) / median(speeds.peer);
      return [
        {
          name: 'shell output, 200 MB, discarded',
          ours: `${median(speeds.ours).toFixed(0)} MB/s`,
          peer: `${median(speeds.peer).toFixed(0)} MB/s (ssh)`,
          ratio,
          bar: '≥ 0.7 ×',
          pass: ratio >= 0.7,
        },
      ];
    } finally {
      await bench.close();
    }
  },
};
