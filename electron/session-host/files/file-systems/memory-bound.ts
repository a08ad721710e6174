import { AppError } from '../../../../shared/errors/app-error.ts';

/** What one action may keep in memory of what a file system lists: the process that does it holds every terminal too, and has to live through several. */
const mostBytes = 48 * 1024 * 1024;
const mostEntries = 1_000_000;
/** Linux takes no longer path (PATH_MAX), and no server that is known does; Windows does with a prefix that is not used here. */
const longestPath = 4096;
/** An object of a few fields, and its place in a list. */
const objectBytes = 250;

/** Counts what an action keeps of what it was told, and ends it with a sentence before that is too much. */
export class MemoryBound {
  #bytes = 0;
  #entries = 0;

  /** One more entry was met, kept or not. Rejects endless trees. */
  meet(): void {
    if (++this.#entries > mostEntries) throw tooMuch(`more than ${mostEntries.toLocaleString('en')} entries`);
  }

  take(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > mostBytes) throw tooMuch(`the list of its files and folders alone takes more than ${mostBytes / 1024 / 1024} MB`);
  }

  /** An object with these texts is kept. */
  takeObject(...texts: readonly string[]): void {
    this.take(objectBytes + texts.reduce((sum, text) => sum + textBytes(text), 0));
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }
}

const beyondLatin1 = /[^\u0000-\u00ff]/;

/** Memory of a text: the engine has one byte a character for Latin-1, two for all others. */
export const textBytes = (text: string): number => (beyondLatin1.test(text) ? 2 : 1) * text.length + 24;

export const isTooLong = (path: string): boolean => path.length > longestPath || Buffer.byteLength(path) > longestPath;

const tooMuch = (what: string) => new AppError('unsupported', `There is too much for one go: ${what}. Do it in parts.`);
