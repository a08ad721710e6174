import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startRawServer } from '../ssh/raw-server.ts';
import { type Benchmark, pause, type Row } from './row.ts';

const size = 300e6;
const piece = Buffer.alloc(32_000);
const bar = 2;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Megabytes of heap and external memory after a collection. */
async function memory(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await pause(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** A server that keeps to no window, behind a forward whose program does not read. */
export const forwardMemory: Benchmark = {
  name: 'memory of a paused forward',
  async run() {
    const server = await startRawServer();
    try {
      const connection = await server.connect();
      const flood = async (bytes: number) => {
        const forward = await connection.forwardOut('127.0.0.1', 80);
        const { id } = server.opened.at(-1)!;
        for (let sent = 0; sent < bytes; sent += piece.length) {
          server.data(id, piece);
          if (server.peer._sock.writableNeedDrain) await new Promise((resolve) => server.peer._sock.once('drain', resolve));
        }
        return forward;
      };
      // Once before, so that what is loaded and compiled on first use does not count.
      for (let round = 0; round < 2; round++) await flood(size / 10);
      await memory();
      const before = await memory();
      const forward = await flood(size);
      const grown = (await memory()) - before;
      const row: Row = {
        name: 'a server sends 300 MB into a paused forward, memory',
        ours: `${grown < 0 ? '' : '+'}${grown.toFixed(1)} MB${forward.destroyed ? ', channel closed' : ''}`,
        peer: '–',
        ratio: null,
        bar: `≤ +${bar} MB`,
        pass: grown <= bar,
      };
      connection.close();
      return [row];
    } finally {
      await server.stop();
    }
  },
};
