import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshTicket, TicketContract } from '../../electron/host-contract/ticket.ts';
import { createSessionHost } from '../../electron/session-host/session-host.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { SshTarget } from '../../shared/model/document.ts';
import { type EnqueueTransfer, enqueueTransferSchema } from '../../shared/model/files.ts';
import type { OpenSsh } from './open-ssh.ts';

/** A folder in memory where there is one: disks are not what is measured. */
export const memoryFolder = (name: string): string => mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `slipway-${name}-`));

/** A file whose megabytes all differ. */
export function writeLarge(path: string, size: number): void {
  const megabyte = 1_000_000;
  const block = Buffer.alloc(megabyte, 'slipway');
  writeFileSync(path, '');
  for (let at = 0; at < size; at += megabyte) {
    block.writeUInt32BE(at / megabyte);
    writeFileSync(path, block, { flag: 'a' });
  }
}

/** Slipway's own session host in this process, on a ticket. */
export interface OurFiles {
  /** Seconds from the person's word to the last byte in place. The connection is there already, as a terminal's. */
  move(spec: Omit<EnqueueTransfer, 'target' | 'conflicts'>): Promise<number>;
  host: ReturnType<typeof createSessionHost>;
  close(): Promise<void>;
}

export function ourFiles(ticket: SshTicket, target: SshTarget): OurFiles {
  const tickets = {
    call: async (name: string) => (name === 'ticket.ssh' ? ticket : null),
    subscribe: () => () => {},
  } as unknown as Client<TicketContract>;
  const host = createSessionHost({ tickets, log: { info: () => {}, warn: () => {} } });
  const { signal } = new AbortController();
  const { calls, topics } = host.handlers;
  return {
    host,
    async move(spec) {
      await calls['files.resolve']({ place: { kind: 'remote', target }, path: '', base: '' }, { signal });
      const { id } = await calls['transfers.enqueue'](enqueueTransferSchema.parse({ ...spec, target, conflicts: 'overwrite' }), { signal });
      return new Promise((resolve, reject) => {
        const stop = topics.transfers.onChange(({ rows }) => {
          const row = rows[id];
          if (!row || (row.state !== 'done' && row.state !== 'failed')) return;
          stop();
          if (row.state === 'failed' || row.failures > 0) reject(new Error(`${row.error?.message} ${JSON.stringify(row.problems)}`));
          else resolve((row.finishedAt! - row.createdAt) / 1000);
        });
      });
    },
    close: () => host.close(),
  };
}

/** Seconds that OpenSSH's `sftp` needs for a batch, with its start and login taken off. */
export async function peerSeconds(openSsh: OpenSsh, batch: string): Promise<number> {
  const empty = Math.min(await sftpSeconds(openSsh.arguments, 'pwd\n'), await sftpSeconds(openSsh.arguments, 'pwd\n'));
  return (await sftpSeconds(openSsh.arguments, batch)) - empty;
}

export function sftpSeconds(options: readonly string[], batch: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn('sftp', [...options, '-q', '-b', '-', 'peer'], { stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (bytes) => (errors += bytes));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve((performance.now() - started) / 1000) : reject(new Error(`sftp ended with ${code}: ${errors}`)),
    );
    child.stdin.end(batch);
  });
}
