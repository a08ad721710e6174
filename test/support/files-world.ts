import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { SshTicket, TicketContract } from '../../electron/host-contract/ticket.ts';
import { AccessWatch } from '../../electron/session-host/access-watch.ts';
import { createFiles, type Files } from '../../electron/session-host/files/index.ts';
import { SshConnections } from '../../electron/session-host/ssh-connections/ssh-connections.ts';
import { connectSsh } from '../../electron/ssh/index.ts';
import { noBackground } from '../../electron/testing/background.ts';
import type { Client } from '../../shared/ipc/client.ts';
import type { TopicValue } from '../../shared/ipc/define.ts';
import type { EnqueueTransfer, TransferRow } from '../../shared/model/files.ts';
import { enqueueTransferSchema } from '../../shared/model/files.ts';
import type { FileHost } from '../ssh/teleport-host.ts';
import { waitUntil } from './wait-until.ts';

export const target = { cluster: 'one', leaf: '', node: 'uuid', hostname: 'node', login: 'root' };
export const remote = { kind: 'remote', target } as const;
export const local = { kind: 'local' } as const;

export interface FilesWorld {
  files: Files;
  /** Connections made so far. */
  dials(): number;
  /** What was told to main. */
  told: { name: string; input: unknown }[];
  /** Cuts every connection that is open. */
  cut(): void;
  /** The login has another certificate from now on, for example since access was given back. */
  renew(): void;
  /** Cuts the next connection after so many bytes both ways. */
  cutAfter(bytes: number | null): void;
  enqueue(spec: Omit<EnqueueTransfer, 'target'>): Promise<string>;
  row(id: string): TransferRow;
  /** Waits for a state, `done` by default, and returns the row. */
  until(id: string, state?: TransferRow['state'], timeout?: number): Promise<TransferRow>;
  close(): Promise<void>;
}

/** The file engine on one server, without proxy and services. */
export function filesWorld(host: FileHost, folder: string | null = null): FilesWorld {
  const sockets = new Set<Socket>();
  const told: FilesWorld['told'] = [];
  let certificate = 1;
  const listeners = new Set<(value: TopicValue<TicketContract, 'access'>) => void>();
  const access = () => ({ [target.cluster]: { signedIn: true, expires: null, requests: [], certificate, names: [] } });
  let dials = 0;
  let limit: number | null = null;
  const connections = new SshConnections(async (_ticket, { signal }) => {
    dials++;
    const sock = await host.connect();
    sockets.add(sock);
    sock.once('close', () => sockets.delete(sock));
    if (limit !== null) cutSocketAfter(sock, limit);
    return connectSsh({ sock, login: host.login, identity: host.identity(), hostCas: host.hostCas, hostPrincipal: 'node', signal });
  });
  const tickets = {
    call: async (name: string, input: unknown) => {
      told.push({ name, input });
      return name === 'ticket.ssh' ? ({ connectionKey: `certificate ${certificate}` } as SshTicket) : null;
    },
    subscribe: (_name: string, listener: (value: TopicValue<TicketContract, 'access'>) => void) => {
      listeners.add(listener);
      listener(access());
      return () => listeners.delete(listener);
    },
  } as unknown as Client<TicketContract>;
  const watch = new AccessWatch(tickets);
  const files = createFiles({ tickets, access: watch, connections, folder, background: noBackground, failed: () => {} });
  const row = (id: string) => {
    const found = files.topics.transfers.get().rows[id];
    if (!found) throw new Error('the transfer is not in the list');
    return found;
  };
  return {
    files,
    told,
    row,
    dials: () => dials,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    renew: () => {
      certificate++;
      for (const listener of listeners) listener(access());
    },
    cutAfter: (bytes) => {
      limit = bytes;
    },
    enqueue: async (spec) => {
      const parsed = enqueueTransferSchema.parse({ ...spec, target });
      const { id } = await files.calls['transfers.enqueue'](parsed, { signal: AbortSignal.timeout(60_000) });
      return id;
    },
    until: async (id, state = 'done', timeout = 30_000) => {
      await waitUntil(
        () => {
          const now = files.topics.transfers.get().rows[id];
          if (now && state !== 'failed' && now.state === 'failed')
            throw new Error(`the transfer failed: ${JSON.stringify(now.error)} ${JSON.stringify(now.problems)}`);
          return now?.state === state;
        },
        `the transfer to be ${state}; it is ${files.topics.transfers.get().rows[id]?.state}`,
        timeout,
      );
      return row(id);
    },
    close: async () => {
      await files.close();
      connections.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function cutSocketAfter(socket: Socket, bytes: number): void {
  let seen = 0;
  const emit = socket.emit.bind(socket);
  socket.emit = ((event: string, ...args: unknown[]) => {
    if (event === 'data') {
      seen = socket.bytesRead + socket.bytesWritten;
      if (seen > bytes) {
        socket.destroy(new Error('cable cut'));
        return false;
      }
    }
    return emit(event, ...(args as [never]));
  }) as typeof socket.emit;
}

/** A tree with all that a tree can hold: empty folders and files, odd names, modes, times, links, sizes around the engine's borders. */
export function makeTree(folder: string, { large = 3_000_000, many = 60 }: { large?: number; many?: number } = {}): void {
  mkdirSync(join(folder, 'deep/er/est'), { recursive: true });
  mkdirSync(join(folder, 'empty folder'));
  mkdirSync(join(folder, 'many'));
  const file = (name: string, size: number, mode = 0o644) => {
    const path = join(folder, name);
    writeFileSync(path, bytes(name, size));
    chmodSync(path, mode);
    utimesSync(path, 1_600_000_000, 1_600_000_000 + size);
  };
  for (const [index, size] of [0, 1, 32_754, 32_755, 32_756, 127_999, 128_000, 128_001, 262_040, 262_041, large].entries())
    file(`size-${index}`, size);
  file('deep/er/est/file', 10);
  file('a name with spaces äöü 漢字 🙂', 11);
  file('program', 12, 0o755);
  file('-rf', 13, 0o600);
  for (let index = 0; index < many; index++) file(`many/${index}`, index * 100);
  symlinkSync('size-1', join(folder, 'link'));
  symlinkSync('../size-2', join(folder, 'deep/link up'));
  symlinkSync('deep/er', join(folder, 'link to folder'));
  chmodSync(join(folder, 'empty folder'), 0o750);
  utimesSync(join(folder, 'empty folder'), 1_500_000_000, 1_500_000_000);
}

/** Bytes that differ from place to place and name to name. */
export function bytes(seed: string, length: number): Buffer {
  const block = createHash('sha512').update(seed).digest();
  const result = Buffer.alloc(length, block);
  for (let at = 0; at + 4 <= length; at += 4096) result.writeUInt32BE(at, at);
  return result;
}

/** Every path below a folder with what it is, for comparing trees; links by where they lead. */
export function describeTree(folder: string, { modes = true } = {}): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path)).sort()) {
      const below = path ? `${path}/${entry}` : entry;
      const whole = join(folder, below);
      const facts = lstatSync(whole);
      const mode = modes ? (facts.mode & 0o777).toString(8) : '';
      if (facts.isDirectory()) {
        found[below] = `folder ${mode} ${modes ? Math.floor(facts.mtimeMs / 1000) : ''}`;
        walk(below);
      } else if (facts.isSymbolicLink()) found[below] = `link ${linkEnd(folder, below)}`;
      else
        found[below] =
          `file ${mode} ${Math.floor(facts.mtimeMs / 1000)} ${facts.size} ${createHash('sha256').update(readFileSync(whole)).digest('hex')}`;
    }
  };
  walk('');
  return found;
}

/** Where a link leads to, below the folder. */
function linkEnd(folder: string, path: string): string {
  const said = readlinkSync(join(folder, path));
  const whole = said.startsWith('/') ? said : join(folder, path, '..', said);
  return whole.startsWith(`${folder}/`) ? whole.slice(folder.length + 1) : `outside: ${said}`;
}
