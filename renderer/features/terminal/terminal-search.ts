import type { ISearchOptions, SearchAddon } from '@xterm/addon-search';

export interface SearchQuery {
  term: string;
  caseSensitive: boolean;
  regex: boolean;
}

/** `index` is −1 when there are more matches than are counted. */
export type SearchResult = { kind: 'none' } | { kind: 'bad-expression' } | { kind: 'found'; index: number; count: number };

const colours = {
  dark: { matchBackground: '#5a4a12', activeMatchBackground: '#b5790f', matchOverviewRuler: '#dcb455', activeMatchColorOverviewRuler: '#ffffff' },
  light: { matchBackground: '#ffe9a8', activeMatchBackground: '#ffbf47', matchOverviewRuler: '#8a6100', activeMatchColorOverviewRuler: '#1c2128' },
} satisfies Record<string, ISearchOptions['decorations']>;

/** One search in one terminal: the query, its highlighted matches and the one that is chosen. */
export class TerminalSearch {
  readonly #addon: SearchAddon;
  readonly #decorations: ISearchOptions['decorations'];
  readonly #report: (result: SearchResult) => void;
  #query: SearchQuery = { term: '', caseSensitive: false, regex: false };

  constructor(addon: SearchAddon, theme: 'light' | 'dark', report: (result: SearchResult) => void) {
    this.#addon = addon;
    this.#decorations = colours[theme];
    this.#report = report;
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
