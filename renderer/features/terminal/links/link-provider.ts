import type { IBufferCell, IBufferRange, ILink, ILinkProvider, Terminal } from '@xterm/xterm';
import { findLinks } from './find-links.ts';

/** Cells looked at before and after the row under the pointer: as long as the longest address that is opened. */
const mostCells = 8192;

/** The place of a character: its first cell and its row, from 1, and how many cells it takes. */
interface Place {
  x: number;
  y: number;
  width: number;
}

/** Text of the rows that one line of output is wrapped over, with the cell of each of its UTF-16 units. */
interface WrappedText {
  text: string;
  cells: Place[];
}

/** Finds web addresses in the terminal's text, also over the end of a row. */
export class TextLinkProvider implements ILinkProvider {
  readonly #terminal: Terminal;
  readonly #events: Pick<ILink, 'activate' | 'hover' | 'leave'>;

  constructor(terminal: Terminal, events: Pick<ILink, 'activate' | 'hover' | 'leave'>) {
    this.#terminal = terminal;
    this.#events = events;
  }

  provideLinks(row: number, callback: (links: ILink[] | undefined) => void): void {
    const { text, cells } = this.#textAround(row);
    const links: ILink[] = [];
    for (const link of findLinks(text)) {
      const end = cells[link.end - 1]!;
      const range: IBufferRange = { start: cells[link.start]!, end: { x: end.x + end.width - 1, y: end.y } };
      if (range.start.y <= row && row <= range.end.y) links.push({ range, text: link.text, ...this.#events });
    }
    callback(links);
  }

  #textAround(row: number): WrappedText {
    const buffer = this.#terminal.buffer.active;
    const most = Math.ceil(mostCells / this.#terminal.cols);
    let first = row;
    while (first > Math.max(1, row - most) && buffer.getLine(first - 1)?.isWrapped) first--;
    let last = row;
    while (last < row + most && buffer.getLine(last)?.isWrapped) last++;
    const found: WrappedText = { text: '', cells: [] };
    const cell = buffer.getNullCell();
    for (let y = first; y <= last; y++) this.#addRow(found, y, cell);
    return found;
  }

  #addRow(found: WrappedText, y: number, cell: IBufferCell): void {
    const buffer = this.#terminal.buffer.active;
    const line = buffer.getLine(y - 1);
    if (!line) return;
    for (let x = 0; x < line.length; x++) {
      line.getCell(x, cell);
      if (cell.getWidth() === 0) continue; // the second half of a wide character
      const chars = cell.getChars();
      // The last cell stays empty when a wide character had no room in it: the text goes on in the next row.
      if (chars === '' && x === line.length - 1 && buffer.getLine(y)?.isWrapped) continue;
      found.text += chars || ' ';
      const place = { x: x + 1, y, width: cell.getWidth() };
      for (let unit = 0; unit < (chars.length || 1); unit++) found.cells.push(place);
    }
  }
}
