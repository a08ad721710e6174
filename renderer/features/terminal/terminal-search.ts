import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { palettes } from './look/palette.ts';

export interface SearchQuery {
  term: string;
  caseSensitive: boolean;
  regex: boolean;
}

/** `index` is −1 when there are more matches than are counted. */
export type SearchResult = { kind: 'none' } | { kind: 'bad-expression' } | { kind: 'found'; index: number; count: number };

interface Colours {
  match: string;
  current: string;
  currentText: string;
  ruler: string;
  currentRuler: string;
}

/** The current match has the most contrast to the background; the others less than half of it. */
export const searchColours: Record<'light' | 'dark', Colours> = {
  dark: { match: '#5a4a12', current: '#ffc53d', currentText: '#000000', ruler: '#dcb455', currentRuler: '#ffffff' },
  light: { match: '#ffe9a8', current: '#9a4a00', currentText: '#ffffff', ruler: '#8a6100', currentRuler: '#1c2128' },
};

/** One search in one terminal: the query, its highlighted matches and the one that is chosen. */
export class TerminalSearch {
  readonly #addon: SearchAddon;
  readonly #terminal: Pick<Terminal, 'options'>;
  readonly #theme: 'light' | 'dark';
  readonly #decorations: ISearchOptions['decorations'];
  readonly #report: (result: SearchResult) => void;
  #query: SearchQuery = { term: '', caseSensitive: false, regex: false };

  constructor(addon: SearchAddon, terminal: Pick<Terminal, 'options'>, theme: 'light' | 'dark', report: (result: SearchResult) => void) {
    const colours = searchColours[theme];
    this.#addon = addon;
    this.#terminal = terminal;
    this.#theme = theme;
    this.#decorations = {
      matchBackground: colours.match,
      activeMatchBackground: colours.current,
      matchOverviewRuler: colours.ruler,
      activeMatchColorOverviewRuler: colours.currentRuler,
    };
    this.#report = report;
    // The add-on selects the current match, and xterm draws a selection over every decoration.
    terminal.options.theme = {
      ...palettes[theme],
      selectionBackground: colours.current,
      selectionInactiveBackground: colours.current,
      selectionForeground: colours.currentText,
    };
    addon.onDidChangeResults(({ resultIndex, resultCount }) => {
      if (this.#query.term !== '') report({ kind: 'found', index: resultIndex, count: resultCount });
    });
  }

  find(query: SearchQuery): void {
    this.#query = query;
    if (query.term === '' || !isExpression(query)) {
      this.#addon.clearDecorations();
      this.#report({ kind: query.term === '' ? 'none' : 'bad-expression' });
    } else this.step('previous');
  }

  step(direction: 'next' | 'previous'): void {
    const { term, ...options } = this.#query;
    if (term === '' || !isExpression(this.#query)) return;
    const all = { ...options, decorations: this.#decorations };
    const found = direction === 'next' ? this.#addon.findNext(term, all) : this.#addon.findPrevious(term, all);
    if (!found) this.#report({ kind: 'found', index: -1, count: 0 });
  }

  dispose(): void {
    this.#addon.clearDecorations();
    this.#addon.dispose();
    this.#terminal.options.theme = palettes[this.#theme];
  }
}

function isExpression({ term, regex }: SearchQuery): boolean {
  if (!regex) return true;
  try {
    return !new RegExp(term).test('');
  } catch {
    return false;
  }
}
