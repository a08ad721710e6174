import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { type OwnerOf, socketDiag } from './socket-diag.ts';

/** Linux's tables of TCP connections, as text; null where there are none. */
export type ReadTables = () => Promise<string | null>;

const readLinux: ReadTables = async () => {
  if (process.platform !== 'linux') return null;
  const [four, six] = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'latin1').catch(() => null)));
  return four == null ? null : `${four}${six ?? ''}`;
};

/**
 * Tells whether the program at the other end of a loopback connection belongs to this user. Only Linux can tell; elsewhere every
 * connection counts as own. A connection that its program has already closed has no owner, and is refused.
 */
export class PeerOwners {
  readonly #ownerOf: OwnerOf | null;
  readonly #read: ReadTables;
  readonly #user: number | undefined;
  #waiting: Promise<Map<string, number> | null> | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(ownerOf: OwnerOf | null = socketDiag(), read: ReadTables = readLinux, user = process.getuid?.()) {
    this.#ownerOf = ownerOf;
    this.#read = read;
    this.#user = user;
  }

  /**
   * Answers at once where the system can be asked about one connection. Otherwise connections that come at the same time share one
   * reading of the tables.
   */
  isOwn({ remotePort = 0, localPort = 0 }: Pick<Socket, 'remotePort' | 'localPort'>): boolean | Promise<boolean> {
    if (this.#user === undefined) return true;
    try {
      if (this.#ownerOf) return this.#trusts(this.#ownerOf(remotePort, localPort));
    } catch {
      // There is no file handle left, or a filter blocks the question: the tables have the same answer.
    }
    return this.#table().then((owners) => owners === null || this.#trusts(owners.get(`${hexPort(remotePort)} ${hexPort(localPort)}`) ?? null));
  }

  #trusts(owner: number | null): boolean {
    return owner !== null && (owner === this.#user || owner === 0);
  }

  /** A reading that begins after now. */
  #table(): Promise<Map<string, number> | null> {
    this.#waiting ??= this.#reading.then(async () => {
      this.#waiting = null;
      const reading = this.#read();
      this.#reading = reading;
      const text = await reading;
      return text === null ? null : ownersOf(text);
    });
    return this.#waiting;
  }
}

/** User ids of programs on 127.0.0.1 by their own and the other side's port, both in hexadecimal. Java's programs use IPv6 for it as well. */
export function ownersOf(tables: string): Map<string, number> {
  const owners = new Map<string, number>();
  // number, local, remote, state, queues, timer, retransmits, uid, timeout, inode
  const row = /^ *\d+: (?:0{16}F{4}0{4})?0100007F:([0-9A-F]{4}) (?:0{16}F{4}0{4})?0100007F:([0-9A-F]{4}) [0-9A-F]{2} \S+ \S+ \S+ +(\d+) +\d+ (\d+)/gm;
  for (const [, from, to, uid, inode] of tables.matchAll(row)) if (inode !== '0') owners.set(`${from} ${to}`, Number(uid));
  return owners;
}

const hexPort = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
