import { createHash } from 'node:crypto';
import { type ClusterKey, parseClusterKey } from '../../../shared/model/cluster.ts';

/** Names of one letter would also hide that letter in ordinary words, and identify nobody. */
const minLength = 2;
/**
 * No person's clusters have as many names. The bound keeps the pattern, which runs over every line, fast; of a cluster with more
 * leaves the first ones stay hidden.
 */
const maxNames = 2000;

/**
 * The names that may not stand in a log: users, clusters and their addresses. A log is made to be shown to others, so it has a short code in the place of
 * each, the same one every time: `[user 2bd806c9]`. The code keeps names out of sight; it does not withstand somebody who guesses the name.
 */
export class LogNames {
  #placeholders = new Map<string, string>();
  #pattern: RegExp | null = null;

  /** Replaces the names that were set before. `key` holds user and address, `names` are those of the cluster and its leaves. */
  set(clusters: Iterable<{ key: ClusterKey; names: readonly string[] }>): void {
    this.#placeholders = new Map();
    for (const { key, names } of clusters) {
      const { user, address } = parseClusterKey(key);
      for (const name of [hostOf(address), ...names]) this.#add('cluster', name);
      for (const name of [user, encodeURIComponent(user)]) this.#add('user', name);
    }
    const longestFirst = [...this.#placeholders.keys()].sort((one, other) => other.length - one.length);
    // Only whole names: the user `ed` does not change the word `failed`.
    this.#pattern =
      longestFirst.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longestFirst.map(quoted).join('|')})(?![\\p{L}\\p{N}_])`, 'giu');
  }

  /** `text` with a code in the place of each name. */
  hide(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, (name) => this.#placeholders.get(name.toLowerCase()) ?? '[hidden]') : text;
  }

  #add(kind: 'user' | 'cluster', given: string): void {
    const name = given.toLowerCase();
    if (name.length < minLength || this.#placeholders.size >= maxNames || this.#placeholders.has(name) || isLoopback(name)) return;
    this.#placeholders.set(name, `[${kind} ${createHash('sha256').update(name).digest('hex').slice(0, 8)}]`);
  }
}

const hostOf = (address: string) => address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
/** Loopback addresses identify nobody and occur in many lines. */
const isLoopback = (name: string) => name === 'localhost' || name === '127.0.0.1' || name === '::1';
const quoted = (name: string) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
