import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';

const longest = 4 * 1024 * 1024;

/** The names of this computer's users and groups, as passwd(5) and group(5) have them: read once, when the first is asked for. Numbers where unknown. */
export class LocalOwners {
  readonly #passwd: string;
  readonly #group: string;
  #users: Map<number, string> | null = null;
  #groups: Map<number, string> | null = null;

  constructor(passwd = '/etc/passwd', group = '/etc/group') {
    this.#passwd = passwd;
    this.#group = group;
  }

  user(id: number): string {
    this.#users ??= withMe(namesIn(this.#passwd));
    return this.#users.get(id) ?? String(id);
  }

  /** The home folder of a user by name; null where the file does not know it. */
  home(user: string): string | null {
    const line = textOf(this.#passwd)
      .split('\n')
      .find((one) => one.startsWith(`${user}:`));
    const home = line?.split(':')[5] ?? '';
    return home.startsWith('/') ? home : null;
  }

  group(id: number): string {
    this.#groups ??= namesIn(this.#group);
    return this.#groups.get(id) ?? String(id);
  }
}

/** Empty where it cannot be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, longest);
  } catch {
    return '';
  }
}

/** `name:password:number:…`, one a line; the first of a number counts, as for the system. */
function namesIn(path: string): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of textOf(path).split('\n')) {
    const [, name, number] = /^([^:#+-][^:]*):[^:]*:(\d+):/.exec(line) ?? [];
    if (name && number && !names.has(Number(number))) names.set(Number(number), name);
  }
  return names;
}

/** Directory services know people whom the file does not: at least whoever runs this is known. */
function withMe(names: Map<number, string>): Map<number, string> {
  try {
    const { uid, username } = userInfo();
    if (!names.has(uid)) names.set(uid, username);
  } catch {
    // An account that the system has no entry for.
  }
  return names;
}
