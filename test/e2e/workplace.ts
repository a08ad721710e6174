import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ClusterProcess, startClusterProcess } from './app.ts';
import type { ClusterFacts } from './person.ts';

/** The embedded cluster and a folder of this computer, which its servers have too: there before the tests of a file, gone after them. */
export function workplace() {
  let cluster: ClusterProcess<ClusterFacts>;
  let work: string;
  beforeAll(async () => {
    work = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-files-')));
    cluster = await startClusterProcess<ClusterFacts>();
  });
  afterAll(async () => {
    await cluster?.close();
    rmSync(work, { recursive: true, force: true });
  });
  return {
    facts: () => cluster.facts,
    /** Two new folders, for this computer's side and the server's. */
    folders: (there = 'there') => {
      const folder = mkdtempSync(join(work, 'run-'));
      const paths = { here: join(folder, 'here'), there: join(folder, there) };
      for (const path of Object.values(paths)) mkdirSync(path);
      return paths;
    },
  };
}
