import type { IBufferCell } from '@xterm/xterm';

/** A hyperlink (OSC 8) as xterm hands it over: the `id=` of the sequence, if it has one, and the address. */
export interface LinkData {
  id?: string;
  uri: string;
}

/** What xterm asks about hyperlinks. Cells hold the numbers. */
export interface LinkService {
  registerLink(data: LinkData): number;
  addLineToLink(link: number, line: number): void;
  getLinkData(link: number): LinkData | undefined;
}

type PrintHandler = (codePoints: Uint32Array, start: number, end: number) => void;

interface Parser {
  setPrintHandler(handler: PrintHandler): void;
  _oscParser: { start(): void; put: PrintHandler; end(success: boolean, ...rest: unknown[]): unknown };
  _dcsParser: { hook(...from: unknown[]): void; put: PrintHandler; unhook(success: boolean, ...rest: unknown[]): unknown };
}

/** Widths of a cell's text in the DOM renderer's font, in CSS pixels. `variant`: 1 bold, 2 italic, 3 both. */
export interface WidthCache {
  _font: string;
  _fontSize: number;
  _weight: string | number;
  _weightBold: string | number;
  _holey: Map<string, number>;
  _measure(text: string, variant: number): number;
}

/** Makes the elements of a row in the DOM renderer. */
export interface RowFactory {
  _themeService: { colors: { background: object; foreground: object } };
  /** Colours an element whose text has too little contrast; true when it did. */
  _applyMinimumContrast(element: HTMLElement, behind: object, text: object, cell: IBufferCell, behindInstead?: object, textInstead?: object): boolean;
}

/**
 * The parts of xterm 6.0.0 that have no public interface and are needed to bound what output may cost and to write a screen down. The version is pinned;
 * the tests of this folder and test/e2e/terminal-*.e2e.ts fail when a part is gone.
 */
interface XtermInside {
  registerCsiHandler(id: { final: string }, handler: (sequence: { params: Int32Array }) => boolean): unknown;
  unicodeService: { wcwidth(codePoint: number): number };
  /** The active buffer's region that scrolls, in rows from 0. */
  buffer: { scrollTop: number; scrollBottom: number };
  coreService: { isCursorHidden: boolean };
  coreMouseService: { activeEncoding: string };
  _oscLinkService: LinkService;
  _inputHandler: {
    print: PrintHandler;
    _parser: Parser;
    _utf8Decoder: { decode(input: Uint8Array, target: Uint32Array): number };
  };
  /** The next two are there once the terminal is open. */
  _themeService?: { _onChangeColors: { fire(colours: unknown): void } };
  _renderService?: { _renderer: { value?: { _widthCache?: WidthCache; _rowFactory?: RowFactory } } };
}

declare module '@xterm/xterm' {
  interface Terminal {
    readonly _core: XtermInside;
  }
}
