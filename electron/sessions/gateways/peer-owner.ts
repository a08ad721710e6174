import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** Linux's table of TCP connections over IPv4, as text; null where there is none. */
export type ReadTable = () => Promise<string | null>;

const readLinux: ReadTable = () => (process.platform === 'linux' ? readFile('/proc/net/tcp', 'latin1').catch(() => null) : Promise.resolve(null));

/**
 * Tells whether the program at the other end of a loopback connection belongs to this user. Linux tells; elsewhere every connection counts as own. One
 * whose program let go of it already has no owner any more, and is refused. Connections that come at the same time share a look at the table.
 */
export class PeerOwners {
  readonly #read: ReadTable;
  readonly #user: number | undefined;
  #waiting: Promise<Map<string, number> | null> | null = null;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(read: ReadTable = readLinux, user = process.getuid?.()) {
    this.#read = read;
    this.#user = user;
  }

  async isOwn({ remotePort, localPort }: Pick<Socket, 'remotePort' | 'localPort'>): Promise<boolean> {
    if (this.#user === undefined) return true;
    const owners = await this.#table();
    if (owners === null) return true;
    const owner = owners.get(`${hexPort(remotePort)} ${hexPort(localPort)}`);
    return owner !== undefined && (owner === this.#user || owner === 0);
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

/** User ids of programs on 127.0.0.1 by their own and the other side's port, both in hexadecimal. */
export function ownersOf(table: string): Map<string, number> {
  const owners = new Map<string, number>();
  // number, local, remote, state, queues, timer, retransmits, uid, timeout, inode
  const row = /^ *\d+: 0100007F:([0-9A-F]{4}) 0100007F:([0-9A-F]{4}) [0-9A-F]{2} \S+ \S+ \S+ +(\d+) +\d+ (\d+)/gm;
  for (const [, from, to, uid, inode] of table.matchAll(row)) if (inode !== '0') owners.set(`${from} ${to}`, Number(uid));
  return owners;
}

const hexPort = (port: number | undefined) => (port ?? 0).toString(16).toUpperCase().padStart(4, '0');
