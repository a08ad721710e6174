import * as z from 'zod';
import { JsonFile } from '../lib/json-file.ts';

const fingerprint = z.string().regex(/^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/);

const factsSchema = z.object({
  /** SHA-256 fingerprint of the web certificate that the person trusts for this proxy. */
  trustedFingerprint: fingerprint.nullable().default(null),
  serverVersion: z.string().max(100).nullable().default(null),
  edition: z.string().max(100).nullable().default(null),
  authClusterId: z.string().max(200).nullable().default(null),
  /** The root cluster's name, as the proxy says it. */
  clusterName: z.string().max(300).nullable().default(null),
});
export type ProxyFacts = z.infer<typeof factsSchema>;

const unknown: ProxyFacts = factsSchema.parse({});
const fileSchema = z.object({ proxies: z.record(z.string(), z.unknown()) });
type Proxies = { proxies: Record<string, ProxyFacts> };

/**
 * What is remembered about proxies beside the tsh profile: the trust decision, and facts with which the app can show a cluster
 * before asking it. Kept in a file of our own, outside any tsh home, by address (`host:port`).
 */
export class ProxyFactsStore {
  readonly #file: JsonFile<Proxies>;
  #proxies: Record<string, ProxyFacts>;
  /** A sentence when the file could not be used as it stood. */
  readonly problem: string | null;

  constructor(path: string) {
    this.#file = new JsonFile<Proxies>({ path, version: 1, check: readProxies, fallback: () => ({ proxies: {} }) });
    const { value, problem } = this.#file.read();
    this.#proxies = value.proxies;
    this.problem = problem;
  }

  get(address: string): ProxyFacts {
    return (Object.hasOwn(this.#proxies, address) && this.#proxies[address]) || unknown;
  }

  /** In effect at once; resolves when it is on the disk. Nothing is written when nothing changes. */
  async update(address: string, change: Partial<ProxyFacts>): Promise<void> {
    const before = this.get(address);
    const after = { ...before, ...change };
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    this.#proxies = { ...this.#proxies, [address]: after };
    await this.#file.write({ proxies: this.#proxies });
  }

  async forget(address: string): Promise<void> {
    if (!Object.hasOwn(this.#proxies, address)) return;
    const { [address]: _, ...others } = this.#proxies;
    this.#proxies = others;
    await this.#file.write({ proxies: others });
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }
}

/** A fingerprint in the form in which it is kept and shown; null when the text is none. */
export function normalFingerprint(text: string): string | null {
  const digits = text.replace(/[^0-9a-f]/gi, '').toUpperCase();
  return digits.length === 64 ? digits.replace(/..(?=.)/g, '$&:') : null;
}

/** An entry that cannot be read is dropped without affecting the others. */
function readProxies(content: Record<string, unknown>): Proxies {
  const entries = Object.entries(fileSchema.parse(content).proxies).flatMap(([address, value]) => {
    const parsed = factsSchema.safeParse(value);
    return parsed.success ? [[address, parsed.data] as const] : [];
  });
  return { proxies: Object.fromEntries(entries) };
}
