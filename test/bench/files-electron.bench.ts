import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Document } from '../../shared/model/document.ts';
import { hosts } from '../e2e/app.ts';
import { hasSshd } from '../ssh/sshd.ts';
import { have } from '../support/have.ts';
import { memoryFolder, peerSeconds, writeLarge } from './file-peers.ts';
import { openInElectron } from './page-app.ts';
import { type Benchmark, median, needs, pause, type Row } from './row.ts';
import { startBench } from './setup.ts';

const megabytes = 1000;
const rounds = 3;
const directions = ['upload', 'download'] as const;

/** One large file by the app as it is used: in Electron, whose session host is a process of its own on Electron's V8. */
export const filesInElectron: Benchmark = {
  name: 'files: Electron',
  async run() {
    needs(hosts.electron, 'Electron, or a display for it,');
    needs(have('sshd') && hasSshd, 'sshd');
    needs(have('sftp'), 'sftp');
    const bench = await startBench();
    const folder = memoryFolder('files-electron');
    const [source, ours, peer] = ['source', 'ours', 'peer'].map((name) => join(folder, name)) as [string, string, string];
    try {
      for (const each of [source, ours, peer]) mkdirSync(each);
      writeLarge(join(source, 'large'), megabytes * 1_000_000);
      const openSsh = await bench.openSsh('demo-openssh');
      const target = bench.target('demo-openssh');
      const app = await openInElectron(bench, [
        { kind: 'files', id: 'upload', target, localPath: source, remotePath: ours },
        { kind: 'files', id: 'download', target, localPath: ours, remotePath: source },
      ] satisfies Document[]);
      const rows: Row[] = [];
      try {
        for (const direction of directions) {
          const times = { ours: [] as number[], peer: [] as number[] };
          for (let round = 0; round < rounds; round++) {
            times.peer.push(await peerSeconds(openSsh, `${direction === 'upload' ? 'put' : 'get'} "${source}/large" "${peer}/large"\n`));
            rmSync(join(peer, 'large'));
            times.ours.push(await moved(app.page, direction, bench.home));
            if (!existsSync(join(ours, 'large'))) throw new Error('the file did not come over');
            rmSync(join(ours, 'large'));
          }
          rows.push(row(direction, median(times.ours), median(times.peer)));
        }
      } finally {
        await app.kill();
      }
      return rows;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await bench.close();
    }
  },
};

function row(direction: string, ours: number, peer: number): Row {
  const ratio = peer / ours;
  const show = (seconds: number) => `${(megabytes / seconds).toFixed(0)} MB/s`;
  return { name: `files: 1 GB ${direction} in Electron`, ours: show(ours), peer: `${show(peer)} (sftp)`, ratio, bar: '≥ 1 ×', pass: ratio >= 1 };
}

/** Seconds from the key until it was in place, as the queue notes them. */
async function moved(page: Page, direction: (typeof directions)[number], home: string): Promise<number> {
  await page.getByRole('tab').nth(directions.indexOf(direction)).click();
  const side = page.locator(`[data-side=${direction === 'upload' ? 'local' : 'remote'}]:visible`);
  await side.getByRole('row').filter({ hasText: 'large' }).click({ timeout: 60_000 });
  const before = transfers(home).length;
  await page.keyboard.press('F5');
  for (;;) {
    const now = transfers(home);
    const newest = now.at(-1);
    if (now.length > before && newest?.state === 'failed') throw new Error('the transfer failed');
    if (now.length > before && newest?.state === 'done') return (newest.row.finishedAt - newest.row.createdAt) / 1000;
    await pause(100);
  }
}

interface Noted {
  state: string;
  row: { createdAt: number; finishedAt: number };
}

function transfers(home: string): Noted[] {
  const path = join(home, 'transfers.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { transfers: Noted[] }).transfers : [];
}
