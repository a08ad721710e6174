/*
 * Logins on disk, in the layout of tsh, so that both programs can use the same login. `Homes` decides in which folder a login
 * belongs; `read-profiles.ts` and `read-credentials.ts` read it, and retry while another program is halfway through a write;
 * `write-login.ts` writes it in the order that tsh's readers rely on; `watch-home.ts` reports changes. The other files know one
 * format each: the profile's YAML, known_hosts, OpenSSH keys.
 * Rules that are shared with tsh are cited as "tsh-profile §…".
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { OpenLockFile } from '../../lib/file-lock.ts';
import { readText, remove } from '../../lib/files.ts';
import { isMissing } from '../../lib/read-file.ts';
import { sweepTemporaries } from '../../lib/replace-file.ts';
import { profileNameOf } from './names.ts';
import { yamlPath } from './profile-paths.ts';
import { type LoginReader, readLogins, type StoredLogin } from './read-profiles.ts';

export interface HomesOptions {
  /** Slipway's folder: `home/` is its tsh home, `homes/<name>/` one more per login that the layout cannot hold beside another. */
  own: string;
  /** The person's tsh home. */
  tsh: string;
  locks: OpenLockFile;
  /** Called with each profile file or home that cannot be read. */
  onBroken(file: string): void;
}

/**
 * The homes in which logins are kept. tsh's layout holds one user and one port per proxy host; a second of either gets a
 * home of its own, a complete one, so that `TELEPORT_HOME=<it> tsh` works there.
 */
export class Homes {
  readonly #tsh: string;
  readonly #reader: LoginReader;
  readonly #main: string;
  readonly #more: string;

  constructor(options: HomesOptions) {
    this.#tsh = options.tsh;
    this.#reader = { locks: options.locks, onBroken: options.onBroken, mismatches: new Map() };
    this.#main = join(options.own, 'home');
    this.#more = join(options.own, 'homes');
  }

  kindOf(home: string): 'own' | 'tsh' {
    return home === this.#tsh ? 'tsh' : 'own';
  }

  /** Every profile of every home; the person's tsh home only when `useTsh`. */
  async list(useTsh: boolean): Promise<StoredLogin[]> {
    const lists = await Promise.all((await this.#all(useTsh)).map((home) => this.#read(home)));
    return lists.flat();
  }

  /** Removes the remains of logins whose writing was interrupted. */
  async sweep(useTsh: boolean): Promise<void> {
    for (const home of await this.#all(useTsh)) {
      const keys = join(home, 'keys');
      for (const name of await readdir(keys).catch(() => [])) sweepTemporaries(join(keys, name));
    }
  }

  /**
   * The home in which a login of `user` belongs (empty: an address without a login): the one that has it, else one whose place for
   * that host is free, else a new one.
   */
  async placeFor(address: string, user: string, logins: readonly StoredLogin[], useTsh: boolean): Promise<string> {
    const here = logins.filter((login) => login.address === address);
    const standing = here.find((login) => login.user === user) ?? here.find((login) => login.user === '');
    if (standing) return standing.home;
    for (const home of useTsh ? [this.#tsh, this.#main] : [this.#main]) {
      if ((await readText(yamlPath(home, profileNameOf(address)))) === null) return home;
    }
    const readable = `${address}_${user}`.replace(/[^A-Za-z0-9.-]/g, '_').slice(0, 60);
    return join(this.#more, `${readable}_${randomBytes(4).toString('hex')}`);
  }

  /** Removes a home that was made for one login; the shared ones stay. */
  async discard(home: string): Promise<void> {
    if (home.startsWith(this.#more + sep)) await remove(home);
  }

  /** A home that cannot be read, such as one that belongs to another user, does not hide the others. */
  async #read(home: string): Promise<StoredLogin[]> {
    try {
      return await readLogins(this.#reader, home);
    } catch {
      this.#reader.onBroken(home);
      return [];
    }
  }

  async #all(useTsh: boolean): Promise<string[]> {
    return [...(useTsh ? [this.#tsh] : []), this.#main, ...(await this.#moreHomes())];
  }

  async #moreHomes(): Promise<string[]> {
    try {
      const entries = await readdir(this.#more, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => join(this.#more, entry.name));
    } catch (caught) {
      if (isMissing(caught)) return [];
      throw caught;
    }
  }
}
