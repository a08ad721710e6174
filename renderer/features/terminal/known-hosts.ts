const key = 'slipway.links.hosts';
const most = 500;

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** Hosts whose links a person has opened on this install. The oldest are forgotten first. Storage that fails means asking again. */
export class KnownHosts {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  has(host: string): boolean {
    return this.#load().includes(host);
  }

  add(host: string): void {
    const hosts = [...this.#load().filter((known) => known !== host), host].slice(-most);
    try {
      this.#storage.setItem(key, JSON.stringify(hosts));
    } catch {
      // full or switched off
    }
  }

  #load(): string[] {
    try {
      const value: unknown = JSON.parse(this.#storage.getItem(key) ?? '[]');
      return Array.isArray(value) ? value.filter((host): host is string => typeof host === 'string').slice(-most) : [];
    } catch {
      return [];
    }
  }
}
