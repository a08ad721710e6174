import type { Terminal } from '@xterm/xterm';
import type { LinkData, LinkService } from './xterm-inside.ts';

/** Links that are remembered: more than a full scrollback of `ls --hyperlink` shows. */
export const mostLinks = 20_000;
/** Longest address and `id=`, the figure that terminals with VTE use. */
export const longestLink = 2083;
/** Characters of all addresses together. */
export const mostText = 2_000_000;

interface Entry extends LinkData {
  number: number;
  key: string;
}

/**
 * The hyperlinks (OSC 8) of one terminal: each once, the oldest forgotten when there are too many. Text of a link that is
 * forgotten, or longer than allowed, stays as plain text.
 *
 * Takes the place of xterm's own table, which keeps a marker for each link and line: there every line that scrolls costs time
 * with the number of links, every character of a long link with the number of its lines, and a reset forgets none of them.
 */
export class LinkTable implements LinkService {
  readonly #byNumber = new Map<number, Entry>();
  readonly #byKey = new Map<string, Entry>();
  #text = 0;
  #last = 0;

  get size(): number {
    return this.#byNumber.size;
  }

  /** A number for the link, never used for another one; 0, which is no link, when it is too long. */
  registerLink({ id, uri }: LinkData): number {
    if (uri.length > longestLink || (id?.length ?? 0) > longestLink) return 0;
    const key = `${id ?? ''};${uri}`;
    const known = this.#byKey.get(key);
    if (known) {
      this.#byNumber.delete(known.number);
      this.#byNumber.set(known.number, known); // the newest again
      return known.number;
    }
    const number = ++this.#last;
    const entry = { id, uri, number, key };
    this.#byNumber.set(number, entry);
    this.#byKey.set(key, entry);
    this.#text += key.length;
    this.#forgetOldest();
    return number;
  }

  addLineToLink(): void {}

  getLinkData(link: number): LinkData | undefined {
    return this.#byNumber.get(link);
  }

  clear(): void {
    this.#byNumber.clear();
    this.#byKey.clear();
    this.#text = 0;
  }

  #forgetOldest(): void {
    for (const [number, { key }] of this.#byNumber) {
      if (this.#byNumber.size <= mostLinks && this.#text <= mostText) return;
      this.#byNumber.delete(number);
      this.#byKey.delete(key);
      this.#text -= key.length;
    }
  }
}

/** Bounds the hyperlinks of a terminal. A reset (RIS) forgets them all. */
export function limitLinks(terminal: Terminal): LinkTable {
  const table = new LinkTable();
  const service = terminal._core._oscLinkService;
  service.registerLink = (data) => table.registerLink(data);
  service.addLineToLink = () => table.addLineToLink();
  service.getLinkData = (link) => table.getLinkData(link);
  terminal.parser.registerEscHandler({ final: 'c' }, () => {
    table.clear();
    return false;
  });
  return table;
}
